package io.migr.evaluation.report;

import java.util.ArrayList;
import java.util.List;

/** Building blocks of HTML pages. */
public final class Html {
    private Html() {}

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

    /** A table whose first column names the rows; the others are numbers. */
    public static final class Table {
        private final String head;
        private final List<String> rows = new ArrayList<>();

        public Table(List<String> heads) {
            StringBuilder cells = new StringBuilder();
            heads.forEach(one -> cells.append("<th>").append(one).append("</th>"));
            head = cells.toString();
        }

        /** Adds a row; cells are HTML. */
        public Table row(String name, List<String> cells) {
            StringBuilder row =
                    new StringBuilder("<tr><th scope=\"row\">").append(name).append("</th>");
            cells.forEach(cell -> row.append("<td>").append(cell).append("</td>"));
            rows.add(row.append("</tr>").toString());
            return this;
        }

        public String end() {
            return "<div class=\"table\"><table><thead><tr>" + head + "</tr></thead><tbody>\n" + String.join("\n", rows)
                    + "\n</tbody></table></div>\n";
        }
    }
}
