/** A button under a message, as transports hand it in: it carries ids only. */
export type MessageAction = { verb: string; label: string; value?: string; style?: 'primary' };

/** Both platforms show five buttons without hiding any. */
export const mostActions = 5;
