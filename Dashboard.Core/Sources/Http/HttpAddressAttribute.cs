using System.ComponentModel.DataAnnotations;

namespace Dashboard.Core.Sources.Http;

/// <summary>An absolute http or https address. What was given is only repeated where it cannot hold a password.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class HttpAddressAttribute : ValidationAttribute
{
    private const string Expected = "expected an absolute http or https address such as http://127.0.0.1:9090";

    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext)
    {
        var text = value as string;
        if (string.IsNullOrWhiteSpace(text))
            return Wrong($"is missing: {Expected}");
        if (!Uri.TryCreate(text, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https") || address.Host.Length == 0)
            return Wrong(text.Contains('@', StringComparison.Ordinal) ? $"is no address: {Expected}" : $"is \"{OutsideText.Clean(text, 100)}\": {Expected}");
        return address.Query.Length > 0 || address.Fragment.Length > 0 ? Wrong($"has a query or a fragment: {Expected}") : ValidationResult.Success;

        ValidationResult Wrong(string problem) => new(problem, [validationContext.MemberName!]);
    }
}
