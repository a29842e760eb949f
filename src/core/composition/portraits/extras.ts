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
