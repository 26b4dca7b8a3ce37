using System.Globalization;
using System.Net;
using Dashboard.Core.Sources.Http;

namespace Dashboard.Core.Sources.Jaeger;

/// <summary>A generation of Jaeger's query interface: how a search is written, and how its answer is read.</summary>
internal abstract class JaegerInterface
{
    private JaegerInterface(string inWords) => InWords = inWords;

    public string InWords { get; }

    /// <summary>Path and query of a search.</summary>
    public abstract string Search(string service, SlowestQuestion question);

    /// <exception cref="SourceException"/>
    public abstract FoundTraces Read(HttpSource http, HttpAnswer answer);

    private static string Microseconds(DateTimeOffset at) => ((at - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond).ToString(CultureInfo.InvariantCulture);

    private static string LeastDuration(string parameter, ulong least) => least == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"&{parameter}={least}us");

    // Both interfaces count the end in; a range does not.
    private static DateTimeOffset LastMicrosecond(DateTimeOffset end) => end - TimeSpan.FromMicroseconds(1);

    /// <summary>Up to 2.20. Preferred where it is there: it is the older and the better tried.</summary>
    /// <param name="inWords">Which versions speak it, as far as was found out.</param>
    public sealed class Legacy(string inWords) : JaegerInterface(inWords)
    {
        public override string Search(string service, SlowestQuestion question) => string.Create(CultureInfo.InvariantCulture,
            $"api/traces?service={Uri.EscapeDataString(service)}&start={Microseconds(question.Range.Start)}&end={Microseconds(LastMicrosecond(question.Range.End))}&limit={question.Limit}{LeastDuration("minDuration", question.Least)}");

        public override FoundTraces Read(HttpSource http, HttpAnswer answer)
        {
            var understood = answer.IsJson(JaegerJson.Default.LegacyAnswerLegacyTraceArray, out var legacy);
            var problem = Wire.Each(legacy?.Errors).FirstOrDefault()?.Msg;
            if (!answer.IsSuccess)
                throw JaegerClient.Failure(http, answer, problem);
            if (!understood || (legacy!.Data is null && problem is null))
                throw http.Failures.NotUnderstood(answer);
            if (legacy.Data is null)
                throw http.Failures.Refused(problem!, "Check that the service's name is right.");

            var spans = Wire.Each(legacy.Data).SelectMany(trace => Wire.Each(trace.Spans).Select(span => Of(span, trace.Processes))).ToList();
            return new FoundTraces(legacy.Data.Length, spans, problem is null ? [] : [OutsideText.Sentence("Jaeger remarks: " + OutsideText.Clean(problem, 160))]);
        }

        private static FoundSpan Of(LegacySpan span, Dictionary<string, LegacyProcess>? processes)
        {
            var service = span.ProcessId is { } id && processes?.GetValueOrDefault(id) is { ServiceName: { } name } ? name : "";
            var tags = Wire.Each(span.Tags).Where(t => t.Key is not null).Select(t => (t.Key!, t.Value.ToString())).ToList();
            return new FoundSpan(span.TraceId ?? "", service, span.OperationName ?? "", tags.Contains(("span.kind", "server")), span.StartTime, span.Duration, SamplingTags.Tell(tags));
        }
    }

    /// <summary>OpenTelemetry's data; the only search from 2.21 on.</summary>
    /// <param name="inWords">Which versions speak it, as far as was found out.</param>
    public sealed class V3(string inWords) : JaegerInterface(inWords)
    {
        // Names with underscores: those in camel case are known since 2.19 only, and these are still taken.
        public override string Search(string service, SlowestQuestion question) => string.Create(CultureInfo.InvariantCulture,
            $"api/v3/traces?query.service_name={Uri.EscapeDataString(service)}&query.start_time_min={Moment(question.Range.Start)}&query.start_time_max={Moment(LastMicrosecond(question.Range.End))}&query.num_traces={question.Limit}{LeastDuration("query.duration_min", question.Least)}");

        public override FoundTraces Read(HttpSource http, HttpAnswer answer)
        {
            var understood = answer.IsJson(JaegerJson.Default.V3Answer, out var v3);
            // That there are none is told as a fault.
            if (answer.Status is HttpStatusCode.NotFound && v3?.Error?.Message?.Contains("no traces found", StringComparison.OrdinalIgnoreCase) is true)
                return FoundTraces.None;
            if (!answer.IsSuccess)
                throw JaegerClient.Failure(http, answer, v3?.Error?.Message);
            if (!understood || v3!.Result is null)
                throw http.Failures.NotUnderstood(answer);

            var spans = Wire.Each(v3.Result.ResourceSpans)
                .SelectMany(r => Wire.Each(r.ScopeSpans).SelectMany(s => Wire.Each(s.Spans)).Select(span => Of(span, r.Resource))).ToList();
            return new FoundTraces(spans.Select(s => s.TraceId).Distinct(StringComparer.Ordinal).Count(), spans, []);
        }

        private static FoundSpan Of(V3Span span, V3Resource? resource)
        {
            var service = Wire.Each(resource?.Attributes).FirstOrDefault(a => a.Key is "service.name")?.Value?.StringValue ?? "";
            var length = span.EndTimeUnixNano > span.StartTimeUnixNano ? span.EndTimeUnixNano - span.StartTimeUnixNano : 0;
            var tags = Wire.Each(span.Attributes).Where(a => a.Key is not null)
                .Select(a => (a.Key!, a.Value?.StringValue ?? a.Value?.DoubleValue?.ToString() ?? a.Value?.IntValue?.ToString() ?? ""))
                .Append(("w3c.tracestate", span.TraceState ?? ""));
            return new FoundSpan(span.TraceId ?? "", service, span.Name ?? "", span.Kind.ToString() is "2" or "SPAN_KIND_SERVER", span.StartTimeUnixNano / 1000, length / 1000, SamplingTags.Tell(tags));
        }

        private static string Moment(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
    }
}
