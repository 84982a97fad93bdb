package io.migr.schemas;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * How to reach a schema registry, and what is allowed there.
 *
 * @param urls addresses of the same registry; the next one is asked when one does not answer
 * @param authorization value of the HTTP header Authorization; null: none
 * @param trusted whose certificates to trust; null: those that Java trusts
 * @param registers whether schemas may be registered; otherwise they are only looked up
 * @param patience how long a request is repeated before it fails
 */
public record RegistryAccess(
        List<URI> urls, String authorization, SSLContext trusted, boolean registers, Duration patience) {
    /** Shorter than the 10 s after which the broker ends the transaction in which a record is processed. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final String PEM = "-----BEGIN";

    /**
     * Access without authentication.
     *
     * @param urls one address, such as {@code http://localhost:8081}, or several with commas between them
     * @throws IllegalArgumentException if there is no address, or one is not of HTTP or HTTPS
     */
    public static RegistryAccess to(String urls) {
        List<URI> all = new ArrayList<>();
        for (String url : Arrays.stream(urls.split(",")).map(String::strip).toList()) {
            all.add(address(url));
        }
        return new RegistryAccess(all, null, null, true, PATIENCE);
    }

    private static URI address(String url) {
        if (url.matches("https?://[^/\\s@]+(/\\S*)?")) {
            try {
                URI address = URI.create(url.endsWith("/") ? url.substring(0, url.length() - 1) : url);
                if (address.getHost() != null) {
                    return address;
                }
            } catch (IllegalArgumentException e) {
                // not an address, as below
            }
        }
        throw new IllegalArgumentException("\"" + url.replaceAll("//[^/@]*@", "//***@")
                + "\" is not the address of a schema registry, such as http://registry:8081. Give one, or several with"
                + " commas between them, and credentials apart from it.");
    }

    /** The same with basic authentication. */
    public RegistryAccess withPassword(String userAndPassword) {
        byte[] bytes = userAndPassword.getBytes(StandardCharsets.UTF_8);
        return with("Basic " + Base64.getEncoder().encodeToString(bytes));
    }

    /** The same with a bearer token. */
    public RegistryAccess withToken(String token) {
        return with("Bearer " + token);
    }

    private RegistryAccess with(String header) {
        return new RegistryAccess(urls, header, trusted, registers, patience);
    }

    /** The same without the right to register schemas. */
    public RegistryAccess readOnly() {
        return new RegistryAccess(urls, authorization, trusted, false, patience);
    }

    /** The same with another time for which a request is repeated. */
    public RegistryAccess withPatience(Duration longest) {
        return new RegistryAccess(urls, authorization, trusted, registers, longest);
    }

    /**
     * The same, trusting only the authorities of a file.
     *
     * @param file certificates in PEM, or a trust store in PKCS12 or JKS
     * @param password of a trust store; empty: none
     * @throws IOException if the file cannot be used; the message says why
     */
    public RegistryAccess trusting(Path file, String password) throws IOException {
        try {
            byte[] bytes = Files.readAllBytes(file);
            boolean pem = new String(bytes, StandardCharsets.ISO_8859_1).contains(PEM);
            KeyStore store = pem
                    ? certificates(bytes)
                    : KeyStore.getInstance(file.toFile(), password.isEmpty() ? null : password.toCharArray());
            if (store.size() == 0) {
                throw new IOException("it has no certificate");
            }
            TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            managers.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, managers.getTrustManagers(), null);
            return new RegistryAccess(urls, authorization, context, registers, patience);
        } catch (IOException | GeneralSecurityException e) {
            throw new IOException(
                    "The certificates in " + file + " cannot be used: " + e.getMessage()
                            + ". Give a file in PEM, PKCS12 or JKS, and its password if it has one.",
                    e);
        }
    }

    private static KeyStore certificates(byte[] pem) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        for (Certificate one :
                CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(pem))) {
            store.setCertificateEntry("ca-" + store.size(), one);
        }
        return store;
    }

    /** The addresses alone: the header is secret. */
    @Override
    public String toString() {
        return String.join(", ", urls.stream().map(URI::toString).toList());
    }
}
