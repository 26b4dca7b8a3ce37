using BenchmarkDotNet.Running;
using Dashboard.Benchmarks.Load;

return args switch
{
    ["load", .. var rest] => await LoadScenario.RunAsync(rest),
    ["raw", var port, var file, var encoding] => await RawServer.RunAsync(port, file, encoding),
    ["micro", .. var rest] => Micro(rest),
    _ => Usage(),
};

static int Micro(string[] args)
{
    BenchmarkSwitcher.FromAssembly(typeof(LoadScenario).Assembly).Run(args.Length > 0 ? args : ["--filter", "*"]);
    return 0;
}

static int Usage()
{
    Console.Error.WriteLine("""
        load    start the whole product with ./run and measure it: requests, memory, upstream queries, bytes, CPU (about 5 minutes; needs wrk)
        micro   BenchmarkDotNet micro-benchmarks; arguments are BenchmarkDotNet's (--filter, --list)
        """);
    return 2;
}
