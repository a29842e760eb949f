// What the portrait library does not have, drawn in its coordinates: a face of 264 x 280 around x = 132.
import type { Extra } from './traits';

const INK = '#262e33';

/** Parts over the portrait. */
export const OVER: Readonly<Record<Extra, (colour: string) => string>> = {
  coat: () => stethoscope('#3c4f5c'),
  scrubs: () => stethoscope('#2c3e50'),
  toque: () =>
    '<path d="M84 46C66 44 64 16 88 16 92 0 112-2 120 6c8-8 30-8 36 6 24-6 34 24 24 34l-4 26H88Z" fill="#fff"/>' +
    '<path d="M86 52c30-9 62-9 92 0l-3 22c-28-8-58-8-86 0Z" fill="#e4e8ec"/>' +
    '<path d="M110 44V26M132 42V20M154 44V26" stroke="#d5dbe0" stroke-width="4" stroke-linecap="round"/>' +
    '<g fill="#9aa5b1"><circle cx="122" cy="258" r="3.5"/><circle cx="142" cy="258" r="3.5"/></g>',
  helmet: (colour) =>
    `<path d="M66 72a66 62 0 0 1 132 0Z" fill="${colour}"/>` +
    '<path d="M160 16a66 62 0 0 1 38 56h-26c2-22-2-42-12-56Z" fill="#000" fill-opacity=".1"/>' +
    `<path d="M120 8h24a6 6 0 0 1 6 6v58h-36V14a6 6 0 0 1 6-6Z" fill="${colour}"/>` +
    '<path d="M120 8h24a6 6 0 0 1 6 6v58h-36V14a6 6 0 0 1 6-6Z" fill="#fff" fill-opacity=".25"/>' +
    `<path d="M58 68h148a8 8 0 0 1 0 16c-44-10-104-10-148 0a8 8 0 0 1 0-16Z" fill="${colour}"/>` +
    '<path d="M58 76h148a8 8 0 0 1 0 8c-44-10-104-10-148 0a8 8 0 0 1 0-8Z" fill="#000" fill-opacity=".14"/>',
  mortarboard: () =>
    `<path d="M76 40v34c32-14 80-14 112 0V40Z" fill="#37424d"/><path d="M132 4 230 38l-98 34L34 38Z" fill="${INK}"/>` +
    '<path d="M132 4 230 38l-98 34Z" fill="#fff" fill-opacity=".06"/>' +
    '<path d="M132 38 212 48v34" fill="none" stroke="#f0b93a" stroke-width="4" stroke-linecap="round" stroke-linejoin="round"/>' +
    '<path d="M207 80h10l3 22h-16Z" fill="#f0b93a"/><circle cx="132" cy="38" r="5" fill="#f0b93a"/>',
  headset: () =>
    `<path d="M66 116V92a66 68 0 0 1 132 0v24" fill="none" stroke="${INK}" stroke-width="9"/>` +
    `<path d="M64 138c0 26 20 40 44 40" fill="none" stroke="${INK}" stroke-width="5" stroke-linecap="round"/>` +
    `<rect x="104" y="171" width="20" height="13" rx="6.5" fill="${INK}"/>` +
    '<rect x="53" y="100" width="24" height="42" rx="11" fill="#4a5866"/><rect x="187" y="100" width="24" height="42" rx="11" fill="#4a5866"/>' +
    '<rect x="53" y="100" width="11" height="42" rx="5.5" fill="#fff" fill-opacity=".18"/><rect x="200" y="100" width="11" height="42" rx="5.5" fill="#fff" fill-opacity=".18"/>',
  crown: () =>
    '<path d="M74 66 68 20l32 24 32-36 32 36 32-24-6 46c-38-10-78-10-116 0Z" fill="#f5c242"/>' +
    '<path d="M132 8l32 36 32-24-6 46c-19-5-38-7-58-7Z" fill="#e0a92b"/>' +
    '<circle cx="132" cy="46" r="7" fill="#d9433f"/><circle cx="100" cy="52" r="5" fill="#4a83d4"/><circle cx="164" cy="52" r="5" fill="#4a83d4"/>' +
    '<g fill="#f5c242"><circle cx="68" cy="19" r="5"/><circle cx="132" cy="8" r="6"/><circle cx="196" cy="19" r="5"/></g>',
  cap: (colour) =>
    `<path d="M67 78C64 36 92 12 132 12s68 24 65 66c-40-12-90-12-130 0Z" fill="${colour}"/>` +
    '<path d="M132 12c40 0 68 24 65 66-10-3-20-5-31-6 2-26-10-50-34-60Z" fill="#000" fill-opacity=".1"/>' +
    `<path d="M66 70c42-14 90-14 132 0 14 5 16 20 8 22-42-16-106-16-148 0-8-2-6-17 8-22Z" fill="${colour}"/>` +
    '<path d="M66 70c42-14 90-14 132 0 14 5 16 20 8 22-42-16-106-16-148 0-8-2-6-17 8-22Z" fill="#000" fill-opacity=".22"/>' +
    `<circle cx="132" cy="12" r="5" fill="${colour}"/>`,
  'peaked cap': (colour) =>
    `<path d="M58 52C58 26 92 8 132 8s74 18 74 44l-14 20H72Z" fill="${colour}"/>` +
    '<path d="M132 8c40 0 74 18 74 44l-14 20h-24c4-26-8-52-36-64Z" fill="#000" fill-opacity=".12"/>' +
    `<path d="M70 60c40-12 84-12 124 0v18c-40-10-84-10-124 0Z" fill="${INK}"/>` +
    '<path d="M70 76c40-12 84-12 124 0 4 8 2 14-4 15-38-12-78-12-116 0-6-1-8-7-4-15Z" fill="#11161a"/>' +
    '<path d="M132 26l5 10 11 2-8 8 2 11-10-5-10 5 2-11-8-8 11-2Z" fill="#f0c14b"/>',
  'fire helmet': (colour) =>
    `<path d="M68 74C66 34 94 12 132 12s66 22 64 62Z" fill="${colour}"/>` +
    '<path d="M158 17c26 10 40 30 38 57h-24c2-22-2-42-14-57Z" fill="#000" fill-opacity=".12"/>' +
    `<path d="M126 4h12c4 0 6 3 6 7v63h-24V11c0-4 2-7 6-7Z" fill="${colour}"/>` +
    '<path d="M126 4h12c4 0 6 3 6 7v63h-24V11c0-4 2-7 6-7Z" fill="#fff" fill-opacity=".2"/>' +
    `<path d="M52 70h160c8 0 10 12 2 16-50-12-114-12-164 0-8-4-6-16 2-16Z" fill="${colour}"/>` +
    '<path d="M50 79c54-9 110-9 164 0 2 3 1 5 0 7-50-12-114-12-164 0-1-2-2-4 0-7Z" fill="#000" fill-opacity=".16"/>' +
    '<path d="M132 28l20 7v13c0 13-9 21-20 26-11-5-20-13-20-26V35Z" fill="#f5c242"/><path d="M132 38l10 4v7c0 7-4 11-10 14-6-3-10-7-10-14v-7Z" fill="#c98f1a"/>' +
    '<path d="M60 252h144v12H60Z" fill="#e8e34a"/><path d="M60 256h144v4H60Z" fill="#cfd6dc"/>',
  'space helmet': () =>
    '<path d="M48 196c20 22 148 22 168 0l6 18c-30 26-150 26-180 0Z" fill="#c3ccd6"/>' +
    '<circle cx="132" cy="110" r="92" fill="#bfe0ff" fill-opacity=".13"/>' +
    '<path d="M84 52c-20 16-30 40-28 64" fill="none" stroke="#fff" stroke-opacity=".75" stroke-width="9" stroke-linecap="round"/>' +
    '<circle cx="132" cy="110" r="92" fill="none" stroke="#eef2f6" stroke-width="15"/>' +
    '<circle cx="132" cy="110" r="99" fill="none" stroke="#b4bfca" stroke-width="3"/>' +
    '<rect x="26" y="90" width="18" height="46" rx="8" fill="#8794a3"/><rect x="220" y="90" width="18" height="46" rx="8" fill="#8794a3"/>' +
    '<rect x="86" y="236" width="34" height="22" rx="4" fill="#3b6fd4"/><circle cx="166" cy="247" r="9" fill="#e5484d"/>',
  'bow tie': () =>
    '<path d="M132 222l-30-14v32l30-12 30 12v-32Z" fill="#20262b"/><rect x="124" y="214" width="16" height="19" rx="5" fill="#3a434b"/>' +
    '<g fill="#9aa5b1"><circle cx="132" cy="248" r="3"/><circle cx="132" cy="266" r="3"/></g>',
  apron: () =>
    '<path d="M96 204l6 30M168 204l-6 30" stroke="#3b2a20" stroke-width="8" stroke-linecap="round"/>' +
    '<path d="M92 232h80c4 0 6 2 6 6v48H86v-48c0-4 2-6 6-6Z" fill="#5b4032"/><path d="M116 250h32v14a6 6 0 0 1-6 6h-20a6 6 0 0 1-6-6Z" fill="#000" fill-opacity=".18"/>',
  microphone: () =>
    '<path d="M196 286l-18-62" stroke="#3a434b" stroke-width="13" stroke-linecap="round"/>' +
    '<g transform="rotate(-16 172 200)"><rect x="154" y="176" width="36" height="46" rx="18" fill="#5a6672"/>' +
    '<path d="M156 192h32M156 204h32M172 177v44" stroke="#8a96a3" stroke-width="3"/><rect x="153" y="214" width="38" height="9" rx="4" fill="#2b3238"/></g>',
  tie: () =>
    '<path d="M124 224h16l4 10-5 7 8 39h-30l8-39-5-7Z" fill="#c0392b"/><path d="M124 224h16l4 10-5 7h-14l-5-7Z" fill="#000" fill-opacity=".18"/>',
};

function stethoscope(colour: string): string {
  return (
    `<g fill="none" stroke="${colour}" stroke-width="5" stroke-linecap="round"><path d="M100 202c-6 22-2 40 10 52M164 202c8 20 6 32 2 44"/>` +
    `<path d="M110 254c0 0 2 10 2 26"/></g><circle cx="165" cy="255" r="9" fill="#cfd8dc" stroke="${colour}" stroke-width="4"/>`
  );
}

/** Lines of age, below the hair. */
export const WRINKLES =
  '<path d="M106 72q26-6 52 0M112 82q20-5 40 0M88 108l-6-4M88 115l-7 1M176 108l6-4M176 115l7 1M98 125q8 5 16 1M150 126q8 4 16-1' +
  'M106 143q-6 7-5 16M158 143q6 7 5 16" fill="none" stroke="#000" stroke-opacity=".2" stroke-width="2.4" stroke-linecap="round"/>';

/** Rosy cheeks of a child, below the hair. */
export const CHEEKS =
  '<g fill="#ff5a5a" fill-opacity=".22"><circle cx="94" cy="143" r="11"/><circle cx="170" cy="143" r="11"/></g>';

export const LASHES =
  '<path d="M100.5 108.5l-6-3.5M102.5 106l-4-5.5M163.500 108.5l6-3.500M161.500 106l4-5.500" fill="none" stroke="#000" stroke-opacity=".6" ' +
  'stroke-width="2.6" stroke-linecap="round"/>';
