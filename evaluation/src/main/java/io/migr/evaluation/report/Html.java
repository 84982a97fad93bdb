package io.migr.evaluation.report;

import java.util.ArrayList;
import java.util.List;

/** Building blocks of HTML pages. */
public final class Html {
    private Html() {}

    /** Escapes the characters that have a meaning in HTML. */
    public static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    /** One or more drawings with a caption below. */
    public static String figure(String caption, String... drawings) {
        return "<figure><div class=\"drawings\">" + String.join("", drawings) + "</div><figcaption>" + caption
                + "</figcaption></figure>\n";
    }

    /** Builds a table. The first column contains the names of the rows, the others numbers. */
    public static final class Table {
        private final String head;
        private final List<String> rows = new ArrayList<>();

        /** Starts a table; {@code heads} are HTML, one per column. */
        public Table(List<String> heads) {
            StringBuilder cells = new StringBuilder();
            heads.forEach(one -> cells.append("<th>").append(one).append("</th>"));
            head = cells.toString();
        }

        /** Adds a row; name and cells are HTML. */
        public Table row(String name, List<String> cells) {
            StringBuilder row =
                    new StringBuilder("<tr><th scope=\"row\">").append(name).append("</th>");
            cells.forEach(cell -> row.append("<td>").append(cell).append("</td>"));
            rows.add(row.append("</tr>").toString());
            return this;
        }

        /** The finished table. */
        public String end() {
            return "<div class=\"table\"><table><thead><tr>" + head + "</tr></thead><tbody>\n" + String.join("\n", rows)
                    + "\n</tbody></table></div>\n";
        }
    }
}
