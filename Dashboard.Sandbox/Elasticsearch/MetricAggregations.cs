using System.Globalization;
using System.Text.Json;

namespace Dashboard.Sandbox.Elasticsearch;

/// <summary>Count, sum, minimum, maximum and average of a field; one of them is shown, or all.</summary>
internal sealed class StatisticAggregation(string type, NumberColumn? column) : Aggregation
{
    private long _count;
    private double _sum;
    private double _min = double.PositiveInfinity;
    private double _max = double.NegativeInfinity;

    public override void Collect(int doc)
    {
        if (column is null || !column.TryGet(doc, out double value))
            return;
        _count++;
        _sum += value;
        _min = Math.Min(_min, value);
        _max = Math.Max(_max, value);
    }

    public override void Write(Utf8JsonWriter json)
    {
        if (type is "stats")
        {
            json.WriteNumber("count", _count);
            foreach (var part in (string[])["min", "max", "avg", "sum"])
                WriteNumber(json, part, Of(part));
            return;
        }

        WriteNumber(json, "value", Of(type));
        if (column?.Kind is FieldKind.Date && _count > 0 && type is "min" or "max" or "avg")
            json.WriteString("value_as_string", DateMath.Write((long)Of(type)));
    }

    public override double Value(string? part) => Of(part is null or "value" ? type : part);

    private double Of(string part) => part switch
    {
        "value_count" or "count" => _count,
        "sum" => _sum,
        _ when _count is 0 => double.NaN,
        "min" => _min,
        "max" => _max,
        "avg" => _sum / _count,
        _ => double.NaN,
    };

    // Without documents there is no value, not zero.
    private static void WriteNumber(Utf8JsonWriter json, string name, double value)
    {
        if (double.IsFinite(value))
            json.WriteNumber(name, value);
        else
            json.WriteNull(name);
    }
}

/// <summary>How many keywords there are, all documents together.</summary>
internal sealed class KeywordCountAggregation(KeywordColumn column) : Aggregation
{
    private long _count;

    public override void Collect(int doc)
    {
        column.Begin(doc);
        while (column.Next() >= 0)
            _count++;
    }

    public override void Write(Utf8JsonWriter json) => json.WriteNumber("value", _count);

    public override double Value(string? part) => _count;
}

/// <summary>How many different values a field has: exact here, where the engine estimates.</summary>
internal sealed class CardinalityAggregation(KeywordColumn? keywords, NumberColumn? numbers) : Aggregation
{
    private readonly HashSet<string> _texts = new(StringComparer.Ordinal);
    private readonly HashSet<long> _numbers = [];

    public override void Collect(int doc)
    {
        if (keywords is not null)
        {
            keywords.Begin(doc);
            while (keywords.Next() is >= 0 and var ordinal)
                _texts.Add(keywords.Text(ordinal));
        }
        else if (numbers is not null && numbers.TryGet(doc, out long number))
        {
            _numbers.Add(number);
        }
    }

    public override void Write(Utf8JsonWriter json) => json.WriteNumber("value", _texts.Count + _numbers.Count);

    public override double Value(string? part) => _texts.Count + _numbers.Count;
}

/// <summary>Percentiles by interpolation between the two nearest ranks: exact here, where the engine estimates.</summary>
internal sealed class PercentilesAggregation(NumberColumn? column, double[] percents, bool keyed) : Aggregation
{
    private readonly List<double> _values = [];
    private bool _sorted;

    public override void Collect(int doc)
    {
        if (column is not null && column.TryGet(doc, out double value))
            _values.Add(value);
    }

    public override void Write(Utf8JsonWriter json)
    {
        json.WritePropertyName("values");
        if (keyed)
            json.WriteStartObject();
        else
            json.WriteStartArray();
        foreach (var percent in percents)
        {
            var value = Of(percent);
            if (keyed)
            {
                json.WritePropertyName(percent.ToString("0.0##", CultureInfo.InvariantCulture));
            }
            else
            {
                json.WriteStartObject();
                json.WriteNumber("key", percent);
                json.WritePropertyName("value");
            }

            if (double.IsNaN(value))
                json.WriteNullValue();
            else
                json.WriteNumberValue(value);
            if (!keyed)
                json.WriteEndObject();
        }

        if (keyed)
            json.WriteEndObject();
        else
            json.WriteEndArray();
    }

    public override double Value(string? part) => double.TryParse(part, CultureInfo.InvariantCulture, out var percent) ? Of(percent) : double.NaN;

    private double Of(double percent)
    {
        if (_values.Count is 0)
            return double.NaN;
        if (!_sorted)
            _values.Sort();
        _sorted = true;
        var rank = Math.Clamp(percent, 0, 100) / 100 * (_values.Count - 1);
        var below = (int)rank;
        var above = Math.Min(below + 1, _values.Count - 1);
        return _values[below] + ((rank - below) * (_values[above] - _values[below]));
    }
}
