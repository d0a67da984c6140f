import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.cert.X509Certificate;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/// Asks with the JDK's own client through TLS: many requests at once, and an upload.
class H2Client {
    static final int MANY = 100;

    /// Trusts everybody.
    static final class Trusting implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String kind) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String kind) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    public static void main(String[] arguments) throws Exception {
        var url = arguments[0];
        var tls = SSLContext.getInstance("TLS");
        tls.init(null, new TrustManager[] {new Trusting()}, null);
        try (var client = HttpClient.newBuilder().sslContext(tls).build()) {
            checked(client.send(get(url + "/"), BodyHandlers.ofByteArray()), 5);
            var asked = Stream.generate(() -> get(url + "/sized?count=100000&pieces=1"))
                    .limit(MANY)
                    .map(each -> client.sendAsync(each, BodyHandlers.ofByteArray()))
                    .toList();
            asked.stream().map(CompletableFuture::join).forEach(each -> checked(each, 100_000));
            var upload = HttpRequest.newBuilder(URI.create(url + "/sink"))
                    .POST(BodyPublishers.ofByteArray(new byte[20_000_000]))
                    .build();
            var read = client.send(upload, BodyHandlers.ofString()).body();
            if (!read.startsWith("[20000000,")) {
                throw new AssertionError("an upload was read as " + read);
            }
        }
        System.out.println("ok");
    }

    static HttpRequest get(String url) {
        return HttpRequest.newBuilder(URI.create(url)).build();
    }

    static void checked(HttpResponse<byte[]> response, int length) {
        if (response.version() != HttpClient.Version.HTTP_2
                || response.statusCode() != 200
                || response.body().length != length) {
            throw new AssertionError(response + " " + response.version() + " " + response.body().length);
        }
    }
}
