using System.Net;
using System.Text.Json;

namespace Dashboard.Tests.Support;

/// <summary>Reads answers as tests want them.</summary>
public static class HttpAnswers
{
    extension(HttpClient client)
    {
        /// <summary>The status and the JSON of an answer, with the media type checked.</summary>
        public async Task<(HttpStatusCode Status, JsonElement Body)> ReadProblemAsync(string path, HttpMethod? method = null)
        {
            using var request = new HttpRequestMessage(method ?? HttpMethod.Get, path);
            using var answer = await client.SendAsync(request);
            Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
            using var document = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
            var body = document.RootElement.Clone();
            Assert.Equal((int)answer.StatusCode, body.GetProperty("status").GetInt32());
            Assert.False(string.IsNullOrEmpty(body.GetProperty("title").GetString()));
            return (answer.StatusCode, body);
        }

        /// <summary>What a browser that goes to an address gets.</summary>
        public Task<HttpResponseMessage> BrowseAsync(string path)
        {
            var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.Accept.ParseAdd("text/html,application/xhtml+xml,*/*;q=0.8");
            return client.SendAsync(request);
        }
    }
}
