using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Dashboard.Core.Kpis;

namespace Dashboard.Web.Scorecards;

/// <summary>
/// Writes the events of <c>/events/scorecard</c>. Their data is JSON with short names: <c>n</c> the snapshot's number, <c>t</c> its time (unix ms),
/// <c>h</c> the headline as HTML, <c>m</c> the age of each KPI's datum in seconds at <c>t</c> in the
/// catalogue's order, <c>k</c> by KPI id what changed of its card: <c>s</c> status, <c>i</c> since (unix s), <c>v</c> value, <c>p</c>/<c>q</c> confidence
/// mark and its words, <c>d</c>/<c>e</c> change and its kind, <c>w</c>/<c>x</c> the same against last week, <c>y</c> reason, <c>a</c>/<c>b</c>
/// attainment and its words, <c>l</c> the small line. What did not change is absent.
/// </summary>
public static class ScorecardEvent
{
    // The stream is read by EventSource and JSON.parse only, never put into a page as markup, so that "<" and "▲" may stand as they are.
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The first event of every stream: who speaks and what time it is, so that a browser can tell its clock's error and an outdated page.</summary>
    public static byte[] Hello(string epoch, string shape, long sequence, DateTimeOffset now) => Encoding.UTF8.GetBytes(string.Create(
        CultureInfo.InvariantCulture,
        $"event: hello\nid: {epoch}-{sequence}\ndata: {{\"e\":\"{epoch}\",\"f\":\"{shape}\",\"n\":{sequence},\"t\":{now.ToUnixTimeMilliseconds()}}}\n\n"));

    /// <summary>Everything, for a viewer that has nothing or something too old.</summary>
    public static byte[] Full(string epoch, ScorecardView view, string headline) => Write("full", epoch, view, null, headline, view.Cards.Select(c => c.Id).ToHashSet(StringComparer.Ordinal));

    /// <summary>What changed since the snapshot before.</summary>
    /// <param name="epoch">The server's run.</param>
    /// <param name="view">The snapshot.</param>
    /// <param name="previous">The snapshot before; of the same shape.</param>
    /// <param name="headline">The headline where it changed, else null.</param>
    /// <param name="lines">The KPIs whose line is to be sent.</param>
    public static byte[] Delta(string epoch, ScorecardView view, ScorecardView previous, string? headline, IReadOnlySet<string> lines) =>
        Write("tick", epoch, view, previous, headline, lines);

    private static byte[] Write(string name, string epoch, ScorecardView view, ScorecardView? previous, string? headline, IReadOnlySet<string> lines)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        buffer.Write(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"event: {name}\nid: {epoch}-{view.Sequence}\ndata: ")));
        using (var json = new Utf8JsonWriter(buffer, Relaxed))
        {
            json.WriteStartObject();
            json.WriteNumber("n", view.Sequence);
            json.WriteNumber("t", view.At.ToUnixTimeMilliseconds());
            WriteAges(json, view, previous);
            if (headline is not null)
                json.WriteString("h", headline);
            WriteCards(json, view, previous, lines);
            json.WriteEndObject();
        }

        buffer.Write("\n\n"u8);
        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteAges(Utf8JsonWriter json, ScorecardView view, ScorecardView? previous)
    {
        if (previous is not null && view.Cards.Zip(previous.Cards).All(pair => pair.First.MeasuredAt == pair.Second.MeasuredAt))
            return;

        json.WriteStartArray("m");
        foreach (var card in view.Cards)
        {
            if (card.MeasuredAt is { } measured)
                json.WriteNumberValue((long)Math.Round((view.At - measured).TotalSeconds));
            else
                json.WriteNullValue();
        }

        json.WriteEndArray();
    }

    private static void WriteCards(Utf8JsonWriter json, ScorecardView view, ScorecardView? previous, IReadOnlySet<string> lines)
    {
        json.WriteStartObject("k");
        for (var i = 0; i < view.Cards.Length; i++)
        {
            var card = view.Cards[i];
            var before = previous?.Cards[i];
            var line = lines.Contains(card.Id);
            if (before is not null && !line && before with { MeasuredAt = card.MeasuredAt, Line = card.Line } == card)
                continue;

            json.WriteStartObject(card.Id);
            if (before?.Status != card.Status)
                json.WriteString("s", card.Status.ToWire());
            if (before?.Since != card.Since)
                json.WriteNumber("i", card.Since.ToUnixTimeSeconds());
            Write(json, "v", card.Value, before?.Value);
            Write(json, "p", card.Mark, before?.Mark);
            Write(json, "q", card.MarkWords, before?.MarkWords);
            Write(json, "d", card.Change.Text, before?.Change.Text);
            Write(json, "e", card.Change.Kind, before?.Change.Kind);
            Write(json, "w", card.Week.Text, before?.Week.Text);
            Write(json, "x", card.Week.Kind, before?.Week.Kind);
            Write(json, "y", card.Reason, before?.Reason);
            Write(json, "a", card.Attainment, before?.Attainment);
            Write(json, "b", card.AttainmentWords, before?.AttainmentWords);
            if (line)
                json.WriteString("l", card.Line);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string name, string value, string? before)
    {
        if (value != before)
            json.WriteString(name, value);
    }
}
