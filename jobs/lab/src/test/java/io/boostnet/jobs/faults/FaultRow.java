package io.boostnet.jobs.faults;

/**
 * What became of one fault.
 *
 * @param fault what happened
 * @param lastedSeconds from its begin to its end, as it was made; 0 for a blow
 * @param recoveredSeconds from its end until a prediction of a frame that was published after it
 *     could be read, committed; repairs are included
 * @param published records published, deliberately bad and doubled ones included
 * @param predictions predictions read
 * @param deadLetters dead letters read
 * @param lost publications without an outcome
 * @param doubled outcomes beyond one for each publication
 * @param meanCost mean cost of the predictions, as a share of the full network's
 */
record FaultRow(
    String fault,
    double lastedSeconds,
    double recoveredSeconds,
    int published,
    int predictions,
    int deadLetters,
    int lost,
    int doubled,
    double meanCost) {}
