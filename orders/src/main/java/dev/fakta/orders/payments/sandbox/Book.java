// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.payments.sandbox;

import dev.fakta.orders.money.Money;
import dev.fakta.orders.payments.sandbox.Entry.Kind;
import dev.fakta.orders.payments.sandbox.Entry.Status;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The provider's books: decides what is asked, writes it down, and only then says so. What was
/// asked under a key is answered the same for ever, whatever has become of the money since.
///
/// Bounded: it takes so many operations and no more. Any thread may call; one works at a time.
final class Book implements AutoCloseable {

    /// Some hundred bytes each.
    static final int MOST_OPERATIONS = 500_000;

    private final LedgerFile file;
    private final Duration authorizationLife;
    private final Map<String, Entry> operations = new HashMap<>();
    private final Map<String, Account> accounts = new LinkedHashMap<>();
    private final TreeMap<Long, Entry> untold = new TreeMap<>();
    private final PriorityQueue<Entry> expiring =
            new PriorityQueue<>(Comparator.comparing(Book::end));
    private long last;

    /// Something that is asked for.
    record Asked(
            Kind kind,
            String key,
            String digest,
            String payment,
            @Nullable Money amount,
            @Nullable String about,
            @Nullable String token) {}

    /// What is said to it.
    sealed interface Said {
        /// This is what was done.
        ///
        /// @param isNew whether it was done just now
        record Answered(Entry entry, boolean isNew) implements Said {}

        /// The key was used for another request.
        record KeyReused() implements Said {}

        record Full() implements Said {}
    }

    Book(Path path, Duration authorizationLife) {
        this.authorizationLife = authorizationLife;
        this.file = LedgerFile.open(path, this::apply);
    }

    /// @param refusal why an authorization is refused in any case, or `null`
    synchronized Said ask(Asked asked, @Nullable String refusal, Instant now) {
        Entry earlier = operations.get(asked.key());
        if (earlier != null) {
            return asked.digest().equals(earlier.digest())
                    ? new Said.Answered(earlier, false)
                    : new Said.KeyReused();
        }
        if (operations.size() >= MOST_OPERATIONS) {
            return new Said.Full();
        }
        Account account = accounts.get(asked.payment());
        Money amount = amount(asked, account);
        String fault = fault(asked, account, amount, refusal, now);
        Status status = fault == null ? Status.SUCCEEDED : Status.FAILED;
        boolean isLate = asked.kind() == Kind.AUTHORIZATION && Tokens.isLate(asked.token());
        long number = last + 1;
        Entry entry =
                new Entry(
                        Entry.Type.OPERATION,
                        number,
                        "op_" + number,
                        asked.payment(),
                        amount,
                        now,
                        asked.kind(),
                        isLate ? Status.PENDING : status,
                        asked.key(),
                        asked.digest(),
                        asked.about(),
                        asked.token(),
                        fault,
                        asked.kind() == Kind.AUTHORIZATION ? now.plus(life(asked)) : null);
        write(entry);
        return new Said.Answered(entry, true);
    }

    private Duration life(Asked asked) {
        return Tokens.EXPIRES.equals(asked.token()) ? Duration.ofSeconds(2) : authorizationLife;
    }

    private static Money amount(Asked asked, @Nullable Account account) {
        Money amount = asked.amount();
        if (amount != null) {
            return amount;
        }
        return account == null
                ? Money.of(0, "XXX")
                : Money.of(account.rest(asked.about()), account.sums().currency());
    }

    private static @Nullable String fault(
            Asked asked,
            @Nullable Account account,
            Money amount,
            @Nullable String refusal,
            Instant now) {
        if (asked.kind() == Kind.AUTHORIZATION && refusal != null) {
            return refusal;
        }
        if (account == null) {
            return asked.kind() == Kind.AUTHORIZATION ? null : "no_such_payment";
        }
        return account.fault(asked.kind(), asked.about(), amount, now);
    }

    /// Ends an operation that is pending. Nothing, when it has ended.
    synchronized void settle(String key, Instant now) {
        Entry pending = operations.get(key);
        if (pending != null && pending.is(Status.PENDING)) {
            boolean isDeclined = Tokens.LATE_DECLINED.equals(pending.token());
            write(
                    pending.settled(
                            last + 1,
                            now,
                            isDeclined ? Status.FAILED : Status.SUCCEEDED,
                            isDeclined ? "card_declined" : null));
        }
    }

    /// The customer wants the money of a capture back.
    synchronized void dispute(Entry capture, Instant now) {
        long number = last + 1;
        write(
                capture.followed(
                        Entry.Type.DISPUTED,
                        number,
                        "dp_" + number,
                        now,
                        capture.amount(),
                        capture.id()));
    }

    /// Ends the authorizations whose time is over.
    synchronized void expire(Instant now) {
        for (Entry first = expiring.peek();
                first != null && !end(first).isAfter(now);
                first = expiring.peek()) {
            expiring.poll();
            Account account = accounts.get(first.payment());
            if (account != null && account.isLive(first.id())) {
                long rest = account.rest(first.id());
                Money left = new Money(rest, first.amount().currency());
                write(
                        first.followed(
                                Entry.Type.EXPIRED, last + 1, first.id(), now, left, first.id()));
            }
        }
    }

    private static Instant end(Entry authorization) {
        Instant end = authorization.expiresAt();
        return end == null ? Instant.MAX : end;
    }

    /// Does something in this book.
    ///
    /// @return what was written down by it
    synchronized List<Entry> does(Runnable task) {
        long before = last;
        task.run();
        return List.copyOf(untold.tailMap(before, false).values());
    }

    private void write(Entry entry) {
        file.append(entry);
        apply(entry);
    }

    private void apply(Entry entry) {
        last = Math.max(last, entry.number());
        if (entry.mustBeTold()) {
            untold.put(entry.number(), entry);
        }
        switch (entry.type()) {
            case OPERATION -> operated(entry);
            case EXPIRED, DISPUTED -> account(entry).apply(entry);
            case DELIVERED -> untold.remove(Long.parseLong(String.valueOf(entry.about())));
        }
    }

    private void operated(Entry entry) {
        operations.put(String.valueOf(entry.key()), entry);
        if (entry.is(Status.SUCCEEDED)) {
            account(entry).apply(entry);
            if (entry.is(Kind.AUTHORIZATION)) {
                expiring.add(entry);
            }
        }
    }

    private Account account(Entry entry) {
        return accounts.computeIfAbsent(entry.payment(), _ -> new Account(entry));
    }

    synchronized @Nullable Entry find(String key) {
        return operations.get(key);
    }

    /// The token by which the payment's card steers the sandbox.
    synchronized @Nullable String token(String payment) {
        Account account = accounts.get(payment);
        return account == null ? null : account.token();
    }

    /// What was moved, of this payment or of all of them.
    synchronized List<Account.Sums> sums(@Nullable String payment) {
        List<Account.Sums> sums = new ArrayList<>();
        accounts.forEach(
                (id, account) -> {
                    if (payment == null || payment.equals(id)) {
                        sums.add(account.sums());
                    }
                });
        return sums;
    }

    /// The operations that will be settled later.
    synchronized List<Entry> pending() {
        return operations.values().stream().filter(entry -> entry.is(Status.PENDING)).toList();
    }

    /// What the merchant has not been told of, the oldest first.
    synchronized List<Entry> untold() {
        return List.copyOf(untold.values());
    }

    /// The merchant has been told of it.
    synchronized void told(Entry entry, Instant now) {
        if (untold.containsKey(entry.number())) {
            write(
                    entry.followed(
                            Entry.Type.DELIVERED,
                            last + 1,
                            "",
                            now,
                            entry.amount(),
                            Long.toString(entry.number())));
        }
    }

    /// The id of the webhook that tells of an entry: the same for every delivery.
    String eventId(Entry entry) {
        return "evt_" + file.name() + "_" + entry.number();
    }

    @Override
    public synchronized void close() {
        file.close();
    }
}
