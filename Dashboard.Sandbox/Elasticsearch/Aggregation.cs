using System.Text.Json;

namespace Dashboard.Sandbox.Elasticsearch;

/// <summary>Sums up the documents that fall to it, one by one.</summary>
internal abstract class Aggregation
{
    public abstract void Collect(int doc);

    /// <summary>Writes its members into the object that stands under its name.</summary>
    public abstract void Write(Utf8JsonWriter json);

    /// <summary>The number by which buckets are ordered; NaN where there is none.</summary>
    public virtual double Value(string? part) => double.NaN;
}

/// <summary>A set of documents with its count and what is summed up of it.</summary>
internal sealed class Bucket((string Name, Aggregation Aggregation)[] children)
{
    public long Count { get; private set; }

    public void Collect(int doc)
    {
        Count++;
        foreach (var (_, aggregation) in children)
            aggregation.Collect(doc);
    }

    public void WriteChildren(Utf8JsonWriter json)
    {
        foreach (var (name, aggregation) in children)
        {
            json.WriteStartObject(name);
            aggregation.Write(json);
            json.WriteEndObject();
        }
    }

    /// <summary>The value of a child: <c>name</c> or <c>name.part</c>.</summary>
    /// <exception cref="ElasticsearchException">There is no such child.</exception>
    public double Value(string path)
    {
        foreach (var (name, aggregation) in children)
        {
            if (name == path)
                return aggregation.Value(null);
            if (path.StartsWith($"{name}.", StringComparison.Ordinal))
                return aggregation.Value(path[(name.Length + 1)..]);
        }

        throw ElasticsearchException.Shard("aggregation_execution_exception", $"Invalid aggregation order path [{path}]. Unknown aggregation");
    }
}
