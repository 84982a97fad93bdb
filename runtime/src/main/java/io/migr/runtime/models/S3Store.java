package io.migr.runtime.models;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;

/**
 * A bucket of model folders, {@code prefix/hash/file}. The objects of an artifact are written one after another, so a
 * reader may find only some of them; it then reports the artifact as missing. Fetched artifacts are cached in a local
 * folder.
 */
public final class S3Store implements ArtifactStore {
    private static final Logger LOG = LoggerFactory.getLogger(S3Store.class);
    private static final String SCHEME = "s3://";

    private final S3Client client;
    private final String bucket;
    private final String prefix;
    private final Path fetched;
    private final FolderStore cache;

    private S3Store(S3Client client, String bucket, String prefix, Path fetched) {
        this.client = client;
        this.bucket = bucket;
        this.prefix = prefix;
        this.fetched = fetched;
        cache = new FolderStore(fetched);
    }

    /** Whether a store's name is that of a bucket, {@code s3://...}. */
    public static boolean isNamed(String store) {
        return store.startsWith(SCHEME);
    }

    /**
     * Creates a client for a store and sends no request yet. Credentials come from the default chain of Amazon's SDK.
     *
     * @param store {@code s3://bucket/prefix}
     * @param endpoint of an S3-compatible store, addressed by path; empty: Amazon's
     * @param fetched folder that caches fetched artifacts
     */
    public static S3Store open(String store, String endpoint, String region, Path fetched) {
        String[] parts = store.substring(SCHEME.length()).split("/", 2);
        String prefix = parts.length == 1 || parts[1].isEmpty() ? "" : parts[1].replaceAll("/*$", "/");
        S3ClientBuilder builder = S3Client.builder()
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .region(Region.of(region))
                // the artifact's hash covers everything, and not every store supports Amazon's newer checksums
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                .serviceConfiguration(settings -> settings.chunkedEncodingEnabled(false));
        if (!endpoint.isEmpty()) {
            builder.endpointOverride(URI.create(endpoint)).forcePathStyle(true);
        }
        return new S3Store(builder.build(), parts[0], prefix, fetched);
    }

    private String root() {
        return SCHEME + bucket + "/" + prefix;
    }

    private String uri(String sha256) {
        return root() + sha256 + "/";
    }

    @Override
    public Artifact put(Path folder) throws ArtifactException {
        String sha256 = FolderStore.hashOfModel(folder);
        try {
            for (String name : ModelFiles.NAMES) {
                client.putObject(
                        request -> request.bucket(bucket).key(prefix + sha256 + "/" + name), folder.resolve(name));
            }
        } catch (SdkException e) {
            throw new ArtifactException(
                    "The model store " + root() + " cannot store " + folder + ": " + e.getMessage(), e);
        }
        return new Artifact(uri(sha256), sha256);
    }

    @Override
    public Path fetch(String sha256) throws ArtifactException {
        FolderStore.requireSha256(sha256);
        if (!cache.has(sha256)) {
            download(sha256);
        }
        return cache.fetch(sha256);
    }

    private void download(String sha256) throws ArtifactException {
        Path part = null;
        try {
            Files.createDirectories(fetched);
            part = Files.createTempDirectory(fetched, ".fetch-");
            for (String name : ModelFiles.NAMES) {
                client.getObject(
                        request -> request.bucket(bucket).key(prefix + sha256 + "/" + name), part.resolve(name));
            }
            String found = ModelFiles.hash(part);
            if (!found.equals(sha256)) {
                throw new ArtifactException("The artifact " + uri(sha256) + " is damaged: the SHA-256 of its files is "
                        + found + ". Import the model again.");
            }
            cache.put(part);
        } catch (NoSuchKeyException e) {
            throw new ArtifactException(
                    "The model store " + root() + " has no artifact " + sha256
                            + ", or not all of it. Set models.store to the store that has it, or import it again.",
                    e);
        } catch (SdkException e) {
            throw new ArtifactException("The artifact " + uri(sha256) + " cannot be fetched: " + e.getMessage(), e);
        } catch (ArtifactException e) {
            throw e;
        } catch (IOException e) {
            throw new ArtifactException(
                    "The artifact " + uri(sha256) + " cannot be written to " + fetched + ": " + e, e);
        } finally {
            delete(part);
        }
    }

    private static void delete(Path part) {
        try {
            if (part != null) {
                for (String name : ModelFiles.NAMES) {
                    Files.deleteIfExists(part.resolve(name));
                }
                Files.delete(part);
            }
        } catch (IOException e) {
            LOG.warn("The temporary folder {} could not be deleted: {}", part, e.toString());
        }
    }
}
