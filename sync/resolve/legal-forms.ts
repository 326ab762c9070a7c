/**
 * Legal forms, by what they say of a company: two different ones name two companies, two spellings of one do not. In the
 * United States they are mixed up too often to tell companies apart. "Holding" and "Group" are no forms: they name another company.
 */
const formsByKind: Record<string, string> = {
  us: 'inc, incorporated, corp, corporation, llc, lp, llp, co inc',
  ltd: 'ltd, limited, private limited, pvt ltd, private ltd',
  pty: 'pty ltd, pty limited, pty',
  plc: 'plc',
  gmbh: 'gmbh, mbh, gesmbh',
  ug: 'ug, ug haftungsbeschrankt',
  ag: 'ag, aktiengesellschaft',
  kg: 'kg, gmbh and co kg, gmbh and co kgaa, gmbh co kg, kgaa, ohg',
  se: 'se',
  sarl: 'sarl, sa rl, eurl',
  sas: 'sas, sasu',
  sa: 'sa, societe anonyme, spolka akcyjna, sab de cv, sa de cv',
  sl: 'sl, slu, sociedad limitada',
  ltda: 'ltda, lda, limitada',
  bv: 'bv, bvba, srl bv',
  nv: 'nv',
  srl: 'srl, srls',
  spa: 'spa',
  zoo: 'sp zoo, sp z oo, spzoo, spolka z oo, zoo',
  sro: 'sro, spol sro',
  as: 'as, aps as, asa',
  aps: 'aps',
  ab: 'ab, aktiebolag, publ ab, ab publ',
  oy: 'oy, oyj, oy ab',
  kft: 'kft',
  zrt: 'zrt, nyrt',
  doo: 'doo, dd',
  ooo: 'ooo, ооо',
  ao: 'ао, зао, пао, оао, zao, pao',
  kk: 'kk, co ltd, kabushiki kaisha, gk, 株式会社',
  pte: 'pte ltd, pte',
  bhd: 'sdn bhd, bhd',
  pt: 'pt',
  other: 'co, company, cie',
};
/** Written in front of the name. The name ends where the others begin. */
const inFront = new Set(['ooo', 'ооо', 'ао', 'зао', 'пао', 'оао', 'pt', '株式会社', 'the']);

const kindOf = new Map(
  Object.entries(formsByKind).flatMap(([kind, forms]) =>
    forms.split(', ').map((form) => [form, kind] as const),
  ),
);
const LONGEST = 4;

/** A name's words without its legal form, and which that is; null where it states none that tells companies apart. */
export function splitForm(words: readonly string[]): { core: readonly string[]; form: string | null } {
  let core = words;
  let form: string | null = null;
  const take = (kind: string | undefined, rest: readonly string[]) => {
    if (kind !== undefined && kind !== 'other') form ??= kind;
    core = rest;
  };
  while (core.length > 1 && inFront.has(core[0]!)) take(kindOf.get(core[0]!), core.slice(1));
  for (let length = Math.min(LONGEST, core.length - 1); length > 0; length--) {
    const kind = kindOf.get(core.slice(-length).join(' '));
    if (kind === undefined) continue;
    take(kind, core.slice(0, -length));
    length = Math.min(LONGEST, core.length - 1) + 1;
  }
  return { core, form };
}
