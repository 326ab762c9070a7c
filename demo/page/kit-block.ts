/** The parts of Block Kit that the page reads itself; the stand-in has checked them. */
export type KitText = { type: string; text: string; verbatim?: boolean };

export type KitElement = {
  type: string;
  action_id?: string;
  value?: string;
  style?: string;
  text?: KitText;
  placeholder?: KitText;
  accessibility_label?: string;
  options?: { text: KitText; value: string }[];
  alt_text?: string;
  image_url?: string;
  slack_file?: { id: string };
};

export type KitCell = { type: string; text?: string; value?: string | number };

export type KitBlock = Omit<KitElement, 'options'> & {
  block_id?: string;
  elements?: KitElement[];
  accessory?: KitElement;
  caption?: string;
  rows?: KitCell[][];
};

/** `verbatim` stops Slack from linking bare words; the library takes it to mean no formatting at all. */
export function withoutVerbatim<T>(value: T): T {
  if (Array.isArray(value)) return value.map(withoutVerbatim) as T;
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([key]) => key !== 'verbatim');
  return Object.fromEntries(entries.map(([key, item]) => [key, withoutVerbatim(item)])) as T;
}
