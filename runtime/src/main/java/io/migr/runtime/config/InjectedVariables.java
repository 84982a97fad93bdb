package io.migr.runtime.config;

import java.util.regex.Pattern;

/**
 * The environment variables that Kubernetes gives every container about each service of its namespace: for a service
 * {@code migr-worker} they begin with {@code MIGR_WORKER_}, so they look like settings of migr.
 */
final class InjectedVariables {
    /** Names that say nothing else. */
    private static final Pattern NAME = Pattern.compile(
            "MIGR_(\\w+_)?(SERVICE_HOST|SERVICE_PORT(_\\w+)?|PORT_\\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)");
    /** Such a name may also be a setting, such as {@code MIGR_HTTP_PORT}: the value tells. */
    private static final Pattern PORT = Pattern.compile("MIGR_(\\w+_)?PORT");

    private static final Pattern ADDRESS = Pattern.compile("(tcp|udp|sctp)://.*");

    private InjectedVariables() {}

    static boolean include(String name, String value) {
        return NAME.matcher(name).matches()
                || (PORT.matcher(name).matches() && ADDRESS.matcher(value).matches());
    }
}
