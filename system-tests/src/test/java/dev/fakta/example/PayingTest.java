// SPDX-License-Identifier: Apache-2.0
package dev.fakta.example;

import static dev.fakta.testkit.SagaScenario.scenario;

import dev.fakta.example.Purchase.Command.Confirm;
import dev.fakta.example.Purchase.Command.Reject;
import dev.fakta.example.Purchase.Event.CancelAsked;
import dev.fakta.example.Purchase.Event.Ordered;
import dev.fakta.example.Purchase.Share;
import dev.fakta.example.Wallet.Command.Pay;
import dev.fakta.example.Wallet.Command.PayBack;
import dev.fakta.testkit.SagaScenario;
import java.util.List;
import org.junit.jupiter.api.Test;

class PayingTest {

    private static SagaScenario<Paying.Event, Paying> ordered() {
        return scenario(Paying.SAGA, "p1")
                .when(new Ordered(List.of(new Share("ann", 300), new Share("bob", 200))));
    }

    @Test
    void a_purchase_that_all_wallets_can_pay_is_confirmed() {
        ordered()
                .thenSends(new Pay("p1", 300), new Pay("p1", 200))
                .whenAccepted("pay")
                .whenTimePasses(Paying.SECOND_THOUGHTS)
                .thenSends(new Confirm())
                .whenAccepted("confirm")
                .thenCompleted();
    }

    @Test
    void a_wallet_that_cannot_pay_has_the_others_paid_back() {
        ordered()
                .whenAccepted("pay", "ann")
                .whenRefused("pay", "bob", Wallet.Refusal.INSUFFICIENT_BALANCE)
                .thenSends(new PayBack("p1"))
                .whenAccepted("pay")
                .thenSends(new Reject("INSUFFICIENT_BALANCE"));
    }

    @Test
    void a_purchase_that_is_cancelled_in_time_is_paid_back_the_last_payment_first() {
        ordered()
                .whenAccepted("pay")
                .when(new CancelAsked())
                .thenSends(new PayBack("p1"))
                .whenAccepted("pay", "bob")
                .thenSends(new PayBack("p1"))
                .whenAccepted("pay", "ann")
                .thenSends(new Reject("CANCELLED"))
                .whenTimePasses(Paying.SECOND_THOUGHTS)
                .thenSendsNothing();
    }

    @Test
    void a_cancellation_that_comes_after_the_end_changes_nothing() {
        ordered()
                .whenRefused("pay", "ann", Wallet.Refusal.INSUFFICIENT_BALANCE)
                .whenAccepted("pay", "bob")
                .thenSends(new PayBack("p1"))
                .whenAccepted("pay")
                .thenSends(new Reject("INSUFFICIENT_BALANCE"))
                .whenAccepted("reject")
                .thenCompleted()
                .when(new CancelAsked())
                .thenSendsNothing()
                .thenCompleted();
    }
}
