/** One contact of a customer with our marketing before the outcome. */
export type Touch = {
  channel: string;
  /** Hours from the touch to the outcome; 0 is at the outcome. */
  hoursBefore: number;
};

/** The way of one customer to one outcome: its touches, oldest first, and what the outcome is worth. */
export type Journey = {
  touches: readonly Touch[];
  /** In any one unit, the same for all journeys of a reading. Negative for a credit note. */
  value: number;
};
