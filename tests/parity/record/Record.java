import java.io.*;
import java.lang.reflect.Field;
import java.nio.file.*;
import java.util.*;
import org.apache.calcite.plan.RelOptRule;
import org.apache.calcite.tools.RuleSets;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.minicluster.*;
import org.apache.flink.table.api.*;
import org.apache.flink.table.api.internal.TableResultInternal;
import org.apache.flink.table.planner.calcite.CalciteConfigBuilder;
import org.apache.flink.table.planner.plan.optimize.program.*;

/** Asks a real Flink what SQL expressions answer: Record IN OUT; IN has lines GROUP, tab, EXPRESSION; OUT gets JSON lines. */
public class Record {
    static final int PER_JOB = 40;
    static final Set<String> STRUCTURED = Set.of("ARRAY", "MAP", "MULTISET", "ROW", "STRUCTURED_TYPE");

    /** One column of a SELECT and what came of it: a text, null, or a failure. */
    static class Answer {
        String sql, text;
        Throwable failure;
        Answer(String sql) { this.sql = sql; }
    }

    /** Takes the rules that evaluate constant expressions while planning out of a part of the optimizer. */
    static void unfold(FlinkOptimizeProgram<BatchOptimizeContext> part) throws Exception {
        if (part instanceof FlinkGroupProgram) {
            Field field = FlinkGroupProgram.class.getDeclaredField("programs");
            field.setAccessible(true);
            for (Object pair : (List<?>) field.get(part))
                unfold((FlinkOptimizeProgram<BatchOptimizeContext>) ((scala.Tuple2<?, ?>) pair)._1());
        } else if (part instanceof FlinkRuleSetProgram) {
            var rules = (FlinkRuleSetProgram<BatchOptimizeContext>) part;
            List<RelOptRule> reducing = new ArrayList<>(rules.rules());
            reducing.removeIf(rule -> !rule.getClass().getName().contains("ReduceExpressions"));
            rules.remove(RuleSets.ofList(reducing));
        }
    }

    static TableEnvironment environment(Configuration cluster, boolean fold) throws Exception {
        TableEnvironment env = TableEnvironment.create(
            EnvironmentSettings.newInstance().inBatchMode().withConfiguration(cluster).build());
        env.getConfig().set("table.local-time-zone", "UTC");
        env.executeSql("CREATE TEMPORARY VIEW T AS SELECT * FROM (VALUES (0)) AS V(z)");
        FlinkChainedProgram<BatchOptimizeContext> program = FlinkBatchProgram.buildProgram(env.getConfig());
        for (String name : program.getProgramNames()) if (!fold) unfold(program.get(name).get());
        env.getConfig().setPlannerConfig(new CalciteConfigBuilder().replaceBatchProgram(program).build());
        return env;
    }

    /** Asks for all the columns in one job; if some fail, halves them until it is known which. */
    static void ask(TableEnvironment env, List<Answer> columns) {
        StringBuilder select = new StringBuilder("SELECT ");
        for (int i = 0; i < columns.size(); i++)
            select.append(i == 0 ? "" : ", ").append(columns.get(i).sql).append(" AS c").append(i);
        try {
            TableResultInternal result = (TableResultInternal) env.executeSql(select + " FROM T");
            try (var rows = result.collectInternal()) {
                var row = rows.next();
                String[] text = result.getRowDataToStringConverter().convert(row);
                for (int i = 0; i < text.length; i++) columns.get(i).text = row.isNullAt(i) ? null : text[i];
            }
        } catch (Throwable failure) {
            if (columns.size() == 1) columns.get(0).failure = failure;
            for (int half = columns.size() / 2, i = 0; i < 2 && half > 0; i++)
                ask(env, i == 0 ? columns.subList(0, half) : columns.subList(half, columns.size()));
        }
    }

    static Throwable root(Throwable t) { return t.getCause() == null ? t : root(t.getCause()); }
    static String line(Throwable t) { return t.getClass().getSimpleName() + ": " + ("" + t.getMessage()).replace('\n', ' '); }
    static String first(String text, int size) { return text.length() > size ? text.substring(0, size) : text; }
    static String cause(Throwable t) { return first(line(root(t)), 300); }

    static String quote(String s) {
        if (s == null) return "null";
        StringBuilder out = new StringBuilder("\"");
        for (char ch : s.toCharArray())
            out.append(ch < 32 || ch > 126 ? String.format("\\u%04x", (int) ch) : (ch == '"' || ch == '\\' ? "\\" : "") + ch);
        return out.append('"').toString();
    }

    static void batch(List<String> lines, TableEnvironment plain, TableEnvironment folding, PrintWriter out) {
        List<Map<String, String>> records = new ArrayList<>();
        List<Answer[]> answers = new ArrayList<>();   // of each record: the value, what is printed, the folded value
        List<Answer> asked = new ArrayList<>(), askedFolding = new ArrayList<>();
        for (String text : lines) {
            String sql = text.substring(text.indexOf('\t') + 1), value = "(" + sql + ")";
            Map<String, String> record = new LinkedHashMap<>(Map.of("e", sql));
            records.add(record);
            answers.add(null);
            try {
                var type = plain.sqlQuery("SELECT " + sql + " AS c FROM T").getResolvedSchema()
                    .getColumnDataTypes().get(0).getLogicalType();
                record.put("type", type.asSummaryString());
                boolean structured = STRUCTURED.contains(type.getTypeRoot().name());
                String cast = structured ? "CAST(" + value + " AS STRING)" : value;
                Answer[] answer = {new Answer(cast), structured ? new Answer(value) : null, new Answer(cast)};
                asked.add(answer[0]);
                if (structured) asked.add(answer[1]);
                askedFolding.add(answer[2]);
                answers.set(records.size() - 1, answer);
            } catch (Throwable t) {
                record.put("refused", first(line(t), 60));
                record.put("msg", cause(t));
            }
        }
        if (!asked.isEmpty()) ask(plain, asked);
        if (!asked.isEmpty()) ask(folding, askedFolding);
        for (int i = 0; i < records.size(); i++) {
            Map<String, String> record = records.get(i);
            if (answers.get(i) != null) describe(record, answers.get(i)[0], answers.get(i)[1], answers.get(i)[2]);
            record.put("c", lines.get(i).substring(0, lines.get(i).indexOf('\t')));
            StringJoiner fields = new StringJoiner(", ", "{", "}");
            record.forEach((name, text) -> fields.add("\"" + name + "\": " + quote(text)));
            out.println(fields);
        }
    }

    static void describe(Map<String, String> record, Answer value, Answer print, Answer folded) {
        Throwable failed = print == null ? value.failure : print.failure;
        if (failed != null) {
            record.put("fail", first(line(failed) + (failed.getCause() == null ? "" : " || " + line(root(failed))), 60));
            record.put("msg", cause(failed));
        } else record.put(value.failure != null ? "castfail" : "val", value.failure != null ? cause(value.failure) : value.text);
        if (print != null && failed == null) record.put("print", print.text);
        if (folded.failure != null && value.failure == null) record.put("foldfail", cause(folded.failure));
        else if (folded.failure == null && (value.failure != null || !Objects.equals(folded.text, value.text)))
            record.put("folded", folded.text);
    }

    public static void main(String[] args) throws Exception {
        Configuration cluster = new Configuration();
        cluster.setString("parallelism.default", "1");
        MiniCluster mini = new MiniCluster(new MiniClusterConfiguration.Builder().setConfiguration(cluster)
            .setNumTaskManagers(1).setNumSlotsPerTaskManager(1).withRandomPorts().build());
        mini.start();
        cluster.setString("execution.target", "remote");
        cluster.setString("rest.address", mini.getRestAddress().get().getHost());
        cluster.setString("rest.port", "" + mini.getRestAddress().get().getPort());
        TableEnvironment plain = environment(cluster, false), folding = environment(cluster, true);
        List<String> lines = Files.readAllLines(Path.of(args[0]));
        try (PrintWriter out = new PrintWriter(new FileWriter(args[1]), true)) {
            for (int from = 0, n = lines.size(); from < n; from += PER_JOB)
                batch(lines.subList(from, Math.min(n, from + PER_JOB)), plain, folding, out);
        }
        System.exit(0);   // the cluster's threads would go on
    }
}
