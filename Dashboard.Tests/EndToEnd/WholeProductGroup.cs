namespace Dashboard.Tests.EndToEnd;

/// <summary>Keeps other tests from running beside those of the whole product.</summary>
[CollectionDefinition(nameof(WholeProductTests), DisableParallelization = true)]
public sealed class WholeProductGroup;
