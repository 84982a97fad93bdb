package io.migr.runtime.kafka;

import io.migr.runtime.config.Configuration;
import io.migr.runtime.config.ConfigurationException;
import io.migr.runtime.config.Key;
import io.migr.schemas.RegistryAccess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The settings of the schema registry, for the built-in client and for a serde that the user supplies. */
final class RegistrySettings {
    private RegistrySettings() {}

    /**
     * Access as configured.
     *
     * @throws ConfigurationException if an address or the file of authorities cannot be used
     */
    static RegistryAccess access(Configuration configuration) {
        String credentials = configuration.text(Key.SCHEMA_REGISTRY_CREDENTIALS);
        String token = configuration.text(Key.SCHEMA_REGISTRY_TOKEN);
        String authorities = configuration.text(Key.SCHEMA_REGISTRY_TRUSTSTORE);
        if (!credentials.isEmpty() && !token.isEmpty()) {
            throw new ConfigurationException(
                    List.of(
                            "schema.registry.credentials and schema.registry.token are both set; a registry takes one of them"));
        }
        try {
            RegistryAccess access = RegistryAccess.to(configuration.text(Key.SCHEMA_REGISTRY_URL));
            access = credentials.isEmpty() ? access : access.withPassword(credentials);
            access = token.isEmpty() ? access : access.withToken(token);
            access = configuration.on(Key.SCHEMA_REGISTRY_REGISTER) ? access : access.readOnly();
            return authorities.isEmpty()
                    ? access
                    : access.trusting(
                            Path.of(authorities), configuration.text(Key.SCHEMA_REGISTRY_TRUSTSTORE_PASSWORD));
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException(List.of("schema.registry.url: " + e.getMessage()));
        } catch (IOException e) {
            throw new ConfigurationException(List.of("schema.registry.truststore: " + e.getMessage()));
        }
    }

    /** The same as Confluent's serdes name it. */
    static Map<String, Object> forSerdes(Configuration configuration) {
        Map<String, Object> settings = new HashMap<>();
        settings.put("schema.registry.url", configuration.text(Key.SCHEMA_REGISTRY_URL));
        String credentials = configuration.text(Key.SCHEMA_REGISTRY_CREDENTIALS);
        if (!credentials.isEmpty()) {
            settings.put("basic.auth.credentials.source", "USER_INFO");
            settings.put("basic.auth.user.info", credentials);
        }
        String token = configuration.text(Key.SCHEMA_REGISTRY_TOKEN);
        if (!token.isEmpty()) {
            settings.put("bearer.auth.credentials.source", "STATIC_TOKEN");
            settings.put("bearer.auth.token", token);
        }
        String authorities = configuration.text(Key.SCHEMA_REGISTRY_TRUSTSTORE);
        if (!authorities.isEmpty()) {
            settings.put("schema.registry.ssl.truststore.location", authorities);
            String password = configuration.text(Key.SCHEMA_REGISTRY_TRUSTSTORE_PASSWORD);
            if (!password.isEmpty()) {
                settings.put("schema.registry.ssl.truststore.password", password);
            }
        }
        if (!configuration.on(Key.SCHEMA_REGISTRY_REGISTER)) {
            settings.put("auto.register.schemas", "false");
        }
        return settings;
    }
}
