using System.ComponentModel.DataAnnotations;
using System.Globalization;

namespace Dashboard.Core.Sources;

/// <summary>A length of time between two bounds. A bare "10" is ten days to .NET, so the message shows how ten seconds are written.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class DurationAttribute(string least, string most) : ValidationAttribute
{
    public string Least => least;

    public string Most => most;

    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext)
    {
        var (from, to) = (TimeSpan.Parse(least, CultureInfo.InvariantCulture), TimeSpan.Parse(most, CultureInfo.InvariantCulture));
        return value is TimeSpan given && given >= from && given <= to
            ? ValidationResult.Success
            : new ValidationResult($"is {value}: expected a time from {from:g} to {to:g}, such as 00:00:10 for ten seconds", [validationContext.MemberName!]);
    }
}
