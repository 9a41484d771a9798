// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import dev.fakta.domain.Aggregate;
import dev.fakta.domain.Processor;
import dev.fakta.domain.View;
import dev.fakta.runtime.Node;
import dev.fakta.runtime.SagaRow;
import dev.fakta.views.RowMapper;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A query's parameters, and the view to answer it from. Serves one request's thread.
public final class Query {

    /// How many characters a parameter may have.
    static final int LONGEST = 1_000;

    private static final Pattern WHOLE_NUMBER = Pattern.compile("0|-?[1-9][0-9]{0,17}");
    private static final int DEFAULT_PAGE = 50;
    private static final int LONGEST_PAGE = 200;

    /// The parameter that says how many items a page has.
    static final String LIMIT = "limit";

    /// The parameter that says behind which row a page begins.
    static final String AFTER = "after";

    private static final Instant EARLIEST = Instant.parse("-9999-01-01T00:00:00Z");
    private static final Instant LATEST = Instant.parse("+10000-01-01T00:00:00Z");

    private final Node node;
    private final View view;
    private final Map<String, String> ofPath;
    private final Map<String, String> parameters;
    private final Caller caller;
    private final Reach reach;
    private final @Nullable OwnCheck own;
    private final Set<String> asked = new HashSet<>();
    private final List<Processor.Problem> problems = new ArrayList<>();
    private final @Nullable QueryParameters finding;

    private int rowsOfPage = DEFAULT_PAGE;

    /// Whether the rows may be shown to a customer.
    private boolean isBounded;

    /// Whether there is nothing that may be shown.
    private boolean isNothing;

    Query(Node node, View view, Request request, OwnCheck own) {
        this.caller = request.caller();
        this.reach = request.reach();
        this.own = own;
        this.ofPath = request.pathParameters();
        this.parameters = new HashMap<>(request.parameters());
        this.isBounded = !reach.isBounded();
        this.finding = null;
        this.node = node;
        this.view = view;
    }

    /// A query that is no client's: what is asked for is written down, and rows are not read.
    ///
    /// @param ofPath parameters of the path
    Query(Node node, View view, Map<String, String> ofPath, QueryParameters finding) {
        this.caller = Caller.trusted();
        this.reach = new Reach(null, Bounds.OWNED);
        this.own = null;
        this.ofPath = ofPath;
        this.parameters = new HashMap<>();
        this.isBounded = true;
        this.finding = finding;
        this.node = node;
        this.view = view;
    }

    /// The query of a page of a list that is read to its end: as long as pages get, unless the
    /// client says how long.
    ///
    /// @param cursor behind which row it begins; `null`: where the client says
    Query ofWholeList(@Nullable String cursor) {
        rowsOfPage = LONGEST_PAGE;
        if (cursor != null) {
            parameters.put(AFTER, cursor);
        }
        return this;
    }

    /// A parameter of the path.
    public String path(String name) {
        return Objects.requireNonNull(ofPath.get(name), name);
    }

    /// Answers that there is no such thing.
    ///
    /// @param what is not there, as in `stock tea`
    public RuntimeException unknown(String what) {
        return new ProblemException(Problem.unknown(what));
    }

    /// Who asks.
    public Caller caller() {
        return caller;
    }

    /// The customer whose things alone may be shown; `null` when anybody's may. A handler of a
    /// route that is for customers, and not [Routes#shared], has to ask this or [#within]: it gets
    /// no rows otherwise.
    public @Nullable String onlyCustomer() {
        isBounded = true;
        return reach.customer();
    }

    /// Has a parameter name the aggregate that all rows belong to, when only a customer's own may
    /// be shown. The customer has to give it; when it names somebody else's, there are no rows.
    ///
    /// @param aggregate see [Routes#owned]
    public Query within(String name, Aggregate<?, ?, ?> aggregate) {
        isBounded = true;
        if (reach.isBounded()) {
            String id = text(name);
            if (id == null) {
                refuse(name, "a customer has to say which");
            } else {
                isNothing =
                        !Objects.requireNonNull(own)
                                .isOwn(reach, aggregate, Request.checkedId(name, id));
            }
        }
        return this;
    }

    /// A parameter as text; `null` when it is not given.
    public @Nullable String text(String name) {
        asked.add(name);
        if (finding != null) {
            finding.text(name);
        }
        String text = parameters.get(name);
        if (text != null && text.length() > LONGEST) {
            refuse(name, "longer than %d characters".formatted(LONGEST));
            return null;
        }
        return text;
    }

    /// Takes a parameter as one of the words of a kind, `PARTLY_PAID` or `PartlyPaid` alike: from
    /// here on [#text] gives the word as the value's `toString` has it, as rows do. Another word is
    /// a fault, one in other cases too: the OpenAPI document names each word that is taken.
    public Query oneOf(String name, Enum<?>... values) {
        if (finding != null) {
            finding.oneOf(name, values);
        }
        String given = parameters.get(name);
        if (given == null) {
            return this;
        }
        for (Enum<?> value : values) {
            if (value.name().equals(given) || value.toString().equals(given)) {
                parameters.put(name, value.toString());
                return this;
            }
        }
        String words = Arrays.stream(values).map(Enum::name).collect(Collectors.joining(", "));
        refuse(name, "one of " + words);
        return this;
    }

    /// The order that the list is asked for in, and behind which row. Words other than these are
    /// faults, and so are cursors of another order.
    ///
    /// @param otherwise the word of the order without `?sort=`, as in `-placedAt`
    /// @param columns the words of `?sort=`, without a `-`, and the columns that they stand for
    public ListOrder order(String otherwise, Map<String, String> columns) {
        List<String> words =
                columns.keySet().stream()
                        .sorted()
                        .flatMap(word -> Stream.of(word, "-" + word))
                        .toList();
        if (finding != null) {
            finding.words("sort", words);
        }
        String asked = text("sort");
        String after = text(AFTER);
        boolean isKnown = asked == null || words.contains(asked);
        if (!isKnown) {
            refuse("sort", "one of " + String.join(", ", words));
        }
        String word = asked == null || !isKnown ? otherwise : asked;
        String column = columns.get(word.startsWith("-") ? word.substring(1) : word);
        if (column == null) {
            throw new IllegalArgumentException("no column is " + otherwise);
        }
        try {
            return ListOrder.of(word, column, otherwise, isKnown ? after : null);
        } catch (NumberFormatException _) {
            refuse(AFTER, "not a cursor of this list, sorted like this");
            return new ListOrder(word, column, otherwise, null);
        }
    }

    /// A whole number within bounds, both included.
    public long number(String name, long otherwise, long least, long most) {
        String text = text(name);
        if (finding != null) {
            finding.number(name, otherwise, least, most);
        }
        if (text == null) {
            return otherwise;
        }
        if (isWholeNumber(text)) {
            long number = Long.parseLong(text);
            if (number >= least && number <= most) {
                return number;
            }
        }
        refuse(name, "a whole number from %d to %d".formatted(least, most));
        return otherwise;
    }

    /// Whether a text is one as JSON writes it: without a plus, without a leading zero, and of a
    /// length that a `long` has room for.
    static boolean isWholeNumber(String text) {
        return WHOLE_NUMBER.matcher(text).matches();
    }

    /// Whether a time is one that something can have: milliseconds of it fit into a number.
    static boolean isTime(Instant time) {
        return time.isAfter(EARLIEST) && time.isBefore(LATEST);
    }

    /// A time, as in `2026-11-22T10:00:00Z`; `null` when it is not given.
    public @Nullable Instant time(String name) {
        String text = text(name);
        if (finding != null) {
            finding.time(name);
        }
        try {
            Instant time = text == null ? null : Instant.parse(text);
            if (time == null || isTime(time)) {
                return time;
            }
        } catch (DateTimeException _) {
            // refused below, with times that nothing can have
        }
        refuse(name, ExpectedValue.TIME);
        return null;
    }

    /// Says that a parameter is at fault. All faults are answered together, before the first rows.
    public void refuse(String name, String reason) {
        problems.add(new Processor.Problem(name, reason));
    }

    /// Rows of the view. Arguments go where the statement has `?`, never into its text.
    public <T> List<T> rows(String select, RowMapper<T> mapper, @Nullable Object... arguments) {
        if (finding != null) {
            throw finding.complete();
        }
        refuseFaults();
        requireBounds();
        return isNothing ? List.of() : node.rows(view, select, mapper, arguments);
    }

    /// One page of the view: as many rows as `?limit=` says, 1 to 200, or 50. The statement ends in
    /// `limit ?`, whose argument is added to the others.
    ///
    /// @param cursor what `?after=` takes to get the page behind a row
    public <T> Page<T> page(
            String select,
            RowMapper<T> mapper,
            Function<T, String> cursor,
            @Nullable Object... arguments) {
        int limit = limit();
        @Nullable Object[] all = Arrays.copyOf(arguments, arguments.length + 1);
        all[arguments.length] = limit + 1L;
        return Page.of(rows(select, mapper, all), limit, cursor);
    }

    /// How many items `?limit=` asks for: 1 to 200, or 50.
    int limit() {
        return (int) number(LIMIT, rowsOfPage, 1, LONGEST_PAGE);
    }

    /// The sagas that wait for an operator, on any node; see [Node#troubledSagas].
    ///
    /// @param most of them
    public List<SagaRow> troubledSagas(int most) {
        requireBounds();
        return finding == null ? node.troubledSagas(most) : List.of();
    }

    /// The webhook subscriptions that were given up and wait for somebody, those of late first.
    /// None where the application serves no webhooks, or this node cannot read of them now.
    ///
    /// @param most of them
    public List<DisabledWebhook> disabledWebhooks(int most) {
        requireBounds();
        return finding == null ? WebhookView.disabled(node, most) : List.of();
    }

    /// The node that answers; `null` when nothing is read, and only what is asked for is written
    /// down.
    @Nullable Node answering() {
        return finding == null ? node : null;
    }

    private void requireBounds() {
        if (!isBounded) {
            throw new IllegalStateException(
                    "%s has what is somebody else's: ask for onlyCustomer or within"
                            .formatted(view.name()));
        }
    }

    private void refuseFaults() {
        for (String name : parameters.keySet()) {
            if (!asked.contains(name)) {
                refuse(name, "there is no such parameter");
            }
        }
        if (!problems.isEmpty()) {
            throw new ProblemException(Problem.invalid(problems));
        }
    }
}
