import type { Random } from './random.ts';

export type Region = 'AMER' | 'EMEA' | 'APAC';
export type Segment = 'SMB' | 'Mid-Market' | 'Enterprise';

type Country = { name: string; tld: string; legal: readonly string[] };

export const countries: Record<Region, readonly Country[]> = {
  AMER: [
    { name: 'United States', tld: 'com', legal: ['Inc.', 'LLC', 'Corp.'] },
    { name: 'Canada', tld: 'ca', legal: ['Inc.', 'Ltd.'] },
    { name: 'Brazil', tld: 'com.br', legal: ['Ltda.'] },
    { name: 'Mexico', tld: 'mx', legal: ['S.A.'] },
  ],
  EMEA: [
    { name: 'Germany', tld: 'de', legal: ['GmbH', 'AG'] },
    { name: 'United Kingdom', tld: 'co.uk', legal: ['Ltd', 'plc'] },
    { name: 'France', tld: 'fr', legal: ['SAS', 'SARL'] },
    { name: 'Netherlands', tld: 'nl', legal: ['B.V.'] },
    { name: 'Sweden', tld: 'se', legal: ['AB'] },
    { name: 'Spain', tld: 'es', legal: ['S.L.'] },
  ],
  APAC: [
    { name: 'Australia', tld: 'com.au', legal: ['Pty Ltd'] },
    { name: 'Singapore', tld: 'com.sg', legal: ['Pte. Ltd.'] },
    { name: 'Japan', tld: 'co.jp', legal: ['K.K.'] },
    { name: 'India', tld: 'in', legal: ['Pvt. Ltd.'] },
  ],
};

export const industries = [
  'Software',
  'Retail',
  'Manufacturing',
  'Logistics',
  'Health Care',
  'Finance',
  'Media',
  'Education',
  'Energy',
  'Hospitality',
] as const;
export const titles = [
  'Head of Operations',
  'VP Sales',
  'IT Manager',
  'Chief Financial Officer',
  'Data Analyst',
  'Marketing Manager',
  'Support Lead',
  'Founder',
  'Product Manager',
  'Revenue Operations Lead',
] as const;

const stems =
  'Alder,Amber,Arctic,Aster,Atlas,Aurora,Beacon,Birch,Blue,Bolt,Bright,Canyon,Cedar,Cinder,Citrus,Clear,Cobalt,Copper,Coral,Crane,Crest,Delta,Dune,Eagle,Echo,Elm,Ember,Falcon,Fern,Fjord,Flint,Forge,Frost,Garnet,Glacier,Granite,Harbor,Hazel,Heron,Iris,Iron,Ivory,Jade,Juniper,Kestrel,Lark,Laurel,Linden,Lotus,Lumen,Maple,Marble,Meadow,Mint,Nimbus,North,Oak,Onyx,Opal,Orchid,Osprey,Otter,Pearl,Pine,Prairie,Quartz,Raven,Reef,Ridge,River,Robin,Saffron,Sage,Sierra,Silver,Slate,Solar,Spruce,Stone,Summit,Swift,Tidal,Timber,Topaz,Tundra,Umber,Velvet,Vertex,Violet,Willow'.split(
    ',',
  );
const trades =
  'Analytics,Foods,Logistics,Systems,Labs,Health,Media,Robotics,Energy,Textiles,Motors,Finance,Software,Travel,Design,Security,Networks,Retail,Studios,Instruments,Materials,Marine,Pharma,Optics,Games'.split(
    ',',
  );
const firsts =
  'Ada,Aiko,Alice,Amara,Andre,Anna,Anton,Arjun,Bea,Ben,Carla,Chen,Chloe,Clara,Daniel,Dana,David,Diego,Elena,Eli,Emma,Erik,Eva,Farah,Felix,Finn,Grace,Hana,Hugo,Ines,Ivan,Jack,Jana,Jonas,Julia,Kai,Karim,Kate,Kenji,Lara,Leo,Lena,Liam,Lucia,Luis,Mara,Marco,Maria,Max,Maya,Mei,Mia,Nadia,Nina,Noah,Nora,Olga,Omar,Oscar,Paul,Petra,Priya,Rafael,Rosa,Ruth,Sam,Sara,Simon,Sofia,Tariq,Theo,Tom,Uma,Vera,Victor,Wei,Yara,Yuki,Zoe'.split(
    ',',
  );
const lasts =
  'Abe,Adams,Ahmed,Almeida,Andersson,Baker,Banerjee,Bauer,Becker,Bell,Berg,Bianchi,Blanc,Brandt,Brown,Carter,Castro,Chan,Chen,Clark,Costa,Cruz,Davies,Diaz,Dubois,Evans,Fischer,Fontaine,Garcia,Gupta,Haas,Hall,Hansen,Harris,Hoffmann,Huang,Ito,Iyer,Jansen,Jones,Kapoor,Keller,Khan,Kim,Klein,Kumar,Lambert,Larsen,Lee,Lewis,Lim,Lindberg,Lopez,Martin,Mehta,Meyer,Mori,Moreau,Morgan,Murphy,Nakamura,Nguyen,Novak,Olsen,Ortiz,Park,Patel,Perez,Petrov,Quinn,Rao,Reyes,Richter,Rivera,Rossi,Roux,Sato,Schmidt,Silva,Singh,Smith,Suzuki,Tanaka,Taylor,Torres,Vidal,Vogel,Wagner,Walker,Wang,Weber,White,Wong,Wright,Yamada,Young,Zhang,Zimmer'.split(
    ',',
  );

/** A company's name without its legal form: the n-th of a fixed sequence, so that names never repeat early. */
export function stemName(n: number): string {
  const stem = stems[(n * 37) % stems.length]!;
  const trade = trades[Math.floor(n / stems.length + n * 7) % trades.length]!;
  const round = Math.floor(n / (stems.length * trades.length));
  return round === 0 ? `${stem} ${trade}` : `${stem} ${trade} ${round + 1}`;
}

export function personName(random: Random): { first: string; last: string } {
  return { first: random.pick(firsts), last: random.pick(lasts) };
}

/** One firm as different people type it: 'Acme GmbH', 'ACME Gmbh.', 'Acme', 'acme gmbh '. */
export function spelling(random: Random, stem: string, legal: string): string {
  return random.weighted([
    [`${stem} ${legal}`, 62],
    [stem, 20],
    [`${stem.toUpperCase()} ${legal}`, 6],
    [`${stem}, ${legal.replace(/\./g, '')}`, 6],
    [`${stem} ${legal[0]}${legal.slice(1).toLowerCase().replace(/\.$/, '')}.`, 4],
    [`${stem.toLowerCase()} ${legal.toLowerCase()} `, 2],
  ]);
}

/** Lower-case letters and digits only, for host names and mail addresses. */
export function slug(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9]+/g, '');
}
