/**
 * The part of SOQL that connectors use:
 * SELECT paths FROM object [WHERE …] [ORDER BY path [ASC|DESC], …] [LIMIT n]
 * with AND, OR, NOT, parentheses, = != < <= > >= IN, NOT IN; strings, numbers, booleans, null, dates and instants.
 * As in Salesforce, AND and OR may not stand side by side without parentheses.
 */
import { malformed } from './api-fault.ts';

export type Literal =
  | { type: 'string'; value: string }
  | { type: 'number'; value: number }
  | { type: 'boolean'; value: boolean }
  | { type: 'date'; value: string }
  | { type: 'dateTime'; value: string }
  | { type: 'null'; value: null };

export type Operator = '=' | '!=' | '<' | '<=' | '>' | '>=';

export type Condition =
  | { kind: 'compare'; path: string; operator: Operator; literal: Literal }
  | { kind: 'in'; path: string; literals: Literal[]; negated: boolean }
  | { kind: 'and' | 'or'; parts: Condition[] }
  | { kind: 'not'; part: Condition };

export type Soql = {
  paths: string[];
  object: string;
  where: Condition | null;
  orderBy: { path: string; descending: boolean }[];
  limit: number | null;
};

const token =
  /\s*(?:('(?:[^'\\]|\\.)*')|(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d))|(\d{4}-\d\d-\d\d)|(-?\d+(?:\.\d+)?)|(<=|>=|!=|<>|[=<>(),])|([A-Za-z_][\w.]*))/y;

type Token = { kind: 'string' | 'dateTime' | 'date' | 'number' | 'sign' | 'word'; text: string };
const kinds = ['string', 'dateTime', 'date', 'number', 'sign', 'word'] as const;

function tokenise(text: string): Token[] {
  const tokens: Token[] = [];
  const source = text.trimEnd();
  token.lastIndex = 0;
  while (token.lastIndex < source.length) {
    const from = token.lastIndex;
    const match = token.exec(source);
    if (!match) throw malformed(`unexpected token: '${source.slice(from).trimStart().slice(0, 20)}'`);
    const index = match.slice(1).findIndex((group) => group !== undefined);
    tokens.push({ kind: kinds[index]!, text: match[index + 1]! });
  }
  return tokens;
}

/** Parse a query; throws MALFORMED_QUERY. Whether its fields exist is for the schema to say. */
export function parseSoql(text: string): Soql {
  const tokens = tokenise(text);
  let at = 0;

  const peek = (word: string) => tokens[at]?.text.toUpperCase() === word && tokens[at]?.kind !== 'string';
  const take = (word: string) => peek(word) && ++at > 0;
  const next = (): Token => {
    const found = tokens[at++];
    if (!found) throw malformed('unexpected end of query');
    return found;
  };
  const expect = (word: string) => {
    const found = next();
    if (found.text.toUpperCase() !== word)
      throw malformed(`unexpected token: '${found.text}', expecting '${word}'`);
  };
  const name = (): string => {
    const found = next();
    if (found.kind !== 'word') throw malformed(`unexpected token: '${found.text}'`);
    return found.text;
  };
  const list = <T>(item: () => T): T[] => {
    const items = [item()];
    while (take(',')) items.push(item());
    return items;
  };

  function literal(): Literal {
    const { kind, text: raw } = next();
    if (kind === 'string') return { type: 'string', value: raw.slice(1, -1).replace(/\\(.)/g, '$1') };
    if (kind === 'number') return { type: 'number', value: Number(raw) };
    if (kind === 'date') return { type: 'date', value: raw };
    if (kind === 'dateTime') return { type: 'dateTime', value: raw };
    const word = raw.toUpperCase();
    if (word === 'NULL') return { type: 'null', value: null };
    if (word === 'TRUE' || word === 'FALSE') return { type: 'boolean', value: word === 'TRUE' };
    throw malformed(`unexpected token: '${raw}'`);
  }

  function comparison(): Condition {
    const path = name();
    const isNegated = take('NOT');
    if (isNegated || peek('IN')) {
      expect('IN');
      expect('(');
      const literals = list(literal);
      expect(')');
      return { kind: 'in', path, literals, negated: isNegated };
    }
    const sign = next();
    const operator = sign.text === '<>' ? '!=' : sign.text;
    if (!isOperator(operator)) throw malformed(`unexpected token: '${sign.text}'`);
    return { kind: 'compare', path, operator, literal: literal() };
  }

  function factor(): Condition {
    if (take('NOT')) return { kind: 'not', part: factor() };
    if (!take('(')) return comparison();
    const inner = condition();
    expect(')');
    return inner;
  }

  function condition(): Condition {
    const parts = [factor()];
    const joint = peek('AND') ? 'AND' : 'OR';
    while (take(joint)) parts.push(factor());
    if (peek('AND') || peek('OR')) throw malformed(`unexpected token: '${next().text}'`);
    return parts.length === 1 ? parts[0]! : { kind: joint === 'AND' ? 'and' : 'or', parts };
  }

  function ordering(): { path: string; descending: boolean } {
    const path = name();
    const isDescending = take('DESC');
    if (!isDescending) take('ASC');
    return { path, descending: isDescending };
  }

  expect('SELECT');
  const paths = list(name);
  expect('FROM');
  const object = name();
  const where = take('WHERE') ? condition() : null;
  const isOrdered = take('ORDER');
  if (isOrdered) expect('BY');
  const orderBy = isOrdered ? list(ordering) : [];
  const limit = take('LIMIT') ? Number(next().text) : null;
  if (limit !== null && !Number.isInteger(limit)) throw malformed('LIMIT needs a whole number');
  if (at < tokens.length) throw malformed(`unexpected token: '${tokens[at]!.text}'`);
  return { paths, object, where, orderBy, limit };
}

function isOperator(text: string): text is Operator {
  return ['=', '!=', '<', '<=', '>', '>='].includes(text);
}
