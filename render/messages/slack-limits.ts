/** Block Kit's published limits (docs.slack.dev/reference/block-kit), and one found the hard way. */
export const slackLimits = {
  blocks: 50,
  sectionText: 3000,
  fields: 10,
  fieldText: 2000,
  headerText: 150,
  contextElements: 10,
  contextText: 2000,
  buttonText: 75,
  buttonValue: 2000,
  altText: 2000,
  url: 3000,
  actionId: 255,
  text: 4000,
  /** Undocumented: messages whose blocks hold more than about 13,200 characters are refused (bolt-js#2509). */
  messageCharacters: 12_000,
} as const;
