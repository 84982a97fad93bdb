package io.migr.embedded;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A client's request to the registry.
 *
 * @param path the decoded parts of the path
 * @param flags the query parameters whose value is {@code true}
 */
record RegistryRequest(String method, List<String> path, Set<String> flags, JsonNode body) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int LARGEST_BODY = 1 << 20;
    /** Path parts that are followed by a name or a number chosen by the client. */
    private static final Set<String> BEFORE_NAMES = Set.of("subjects", "versions", "ids", "config", "mode");

    static RegistryRequest of(HttpExchange exchange) throws IOException, RegistryRefusal {
        // split before decoding: a subject may contain an encoded slash
        List<String> path = Arrays.stream(
                        exchange.getRequestURI().getRawPath().substring(1).split("/"))
                .map(part -> URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8))
                .toList();
        String query = exchange.getRequestURI().getRawQuery();
        Set<String> flags = Arrays.stream(query == null ? new String[0] : query.split("&"))
                .filter(parameter -> parameter.endsWith("=true"))
                .map(parameter -> parameter.substring(0, parameter.length() - "=true".length()))
                .collect(Collectors.toSet());
        byte[] body = exchange.getRequestBody().readNBytes(LARGEST_BODY + 1);
        if (body.length > LARGEST_BODY) {
            throw new RegistryRefusal(413, "The request body has more than the " + LARGEST_BODY + " bytes allowed.");
        }
        JsonNode json = body.length == 0 ? JSON.createObjectNode() : JSON.readTree(body);
        return new RegistryRequest(exchange.getRequestMethod(), path, flags, json);
    }

    /** Method and path with a star in place of each name, e.g. {@code DELETE config/*}. */
    String route() {
        StringBuilder route = new StringBuilder(method).append(' ');
        boolean name = false;
        for (String part : path) {
            route.append(name ? "*" : part).append('/');
            name = !name && BEFORE_NAMES.contains(part);
        }
        return path.isEmpty() ? route.toString() : route.substring(0, route.length() - 1);
    }

    /** Whether the client set a query parameter to {@code true}. */
    boolean isSet(String flag) {
        return flags.contains(flag);
    }
}
