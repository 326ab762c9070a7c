/** Ends the name of a column that was moved to what follows it, where the one is low when the other was high. */
export const against = ', which goes against it';
