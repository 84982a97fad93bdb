package io.migr.evaluation.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** A self-contained HTML page: it loads no script, font or picture. */
public final class Page {
    private final StringBuilder body = new StringBuilder();
    private final String title;

    public Page(String title) {
        this.title = title;
    }

    /** Appends HTML to the body. */
    public Page add(String html) {
        body.append(html).append('\n');
        return this;
    }

    /** Begins a section with {@code html} as its introduction. */
    public Page section(String name, String html) {
        return add("<h2>" + Html.escape(name) + "</h2>\n<p>" + html + "</p>");
    }

    /** The finished page. */
    public String end() {
        return "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                + "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>"
                + Html.escape(title) + "</title>\n<style>\n" + style() + "</style>\n</head>\n<body>\n" + body
                + "</body>\n</html>\n";
    }

    private static String style() {
        try (InputStream in = Page.class.getResourceAsStream("page.css")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
