package io.boostnet.jobs.accounts;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AccountsTest {

  private static final Accounts.Key FRAME = new Accounts.Key("camera", 7);

  private final Accounts accounts = new Accounts();

  @Test
  void frame_withoutOutcome_isLost() {
    accounts.published(FRAME, 0, 1);
    assertThat(accounts.lost()).isEqualTo(1);
    assertThat(accounts.doubled()).isZero();
  }

  @Test
  void frame_predictedBeforeItsAcknowledgement_isInOrder() {
    accounts.predicted(FRAME);
    assertThat(accounts.doubled()).isEqualTo(1);
    accounts.published(FRAME, 0, 1);
    assertThat(accounts.lost()).isZero();
    assertThat(accounts.doubled()).isZero();
  }

  @Test
  void frame_publishedTwice_wantsTwoOutcomes() {
    accounts.published(FRAME, 0, 1);
    accounts.published(FRAME, 0, 2);
    accounts.predicted(FRAME);
    assertThat(accounts.lost()).isEqualTo(1);
    accounts.predicted(FRAME);
    assertThat(accounts.lost()).isZero();
    accounts.predicted(FRAME);
    assertThat(accounts.doubled()).isEqualTo(1);
  }

  @Test
  void frame_predictedAndDead_isDoubled() {
    accounts.published(FRAME, 0, 1);
    accounts.predicted(FRAME);
    accounts.dead(0, 1);
    assertThat(accounts.doubled()).isEqualTo(1);
    assertThat(accounts.deadFrames()).isEqualTo(1);
  }

  @Test
  void badRecord_isBalancedByItsDeadLetter() {
    accounts.published(new Accounts.Key(Accounts.BAD, 0), 1, 5);
    assertThat(accounts.lost()).isEqualTo(1);
    accounts.dead(1, 5);
    assertThat(accounts.lost()).isZero();
    assertThat(accounts.deadFrames()).isZero();
    accounts.dead(1, 5);
    assertThat(accounts.doubled()).isEqualTo(1);
  }

  @Test
  void laterFrame_andItsPrediction_areNotCounted() {
    accounts.published(FRAME, 0, 1);
    accounts.publishedLater(FRAME);
    accounts.publishedLater(new Accounts.Key("camera", 8));
    accounts.predicted(FRAME);
    accounts.predicted(FRAME);
    accounts.predicted(new Accounts.Key("camera", 8));
    assertThat(accounts.predictions()).isEqualTo(1);
    assertThat(accounts.lost()).isZero();
    assertThat(accounts.doubled()).isZero();
    accounts.predicted(new Accounts.Key("camera", 8));
    assertThat(accounts.doubled()).isEqualTo(1);
  }

  @Test
  void deadLetter_beforeTheAcknowledgementOfItsFrame_isInOrder() {
    accounts.dead(0, 1);
    assertThat(accounts.doubled()).isEqualTo(1);
    accounts.published(FRAME, 0, 1);
    assertThat(accounts.lost()).isZero();
    assertThat(accounts.doubled()).isZero();
    assertThat(accounts.deadFrames()).isEqualTo(1);
  }

  @Test
  void outcomeOfNothingPublished_isDoubled() {
    accounts.predicted(FRAME);
    accounts.dead(0, 9);
    assertThat(accounts.doubled()).isEqualTo(2);
  }
}
