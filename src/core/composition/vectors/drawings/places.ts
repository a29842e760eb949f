// Buildings and landmarks.
import type { Drawing } from './drawings';

export const lighthouse: Drawing = {
  width: 512,
  height: 512,
  colours: ['#e2483d', '#ffd35c'],
  phrases: ['lighthouse', 'light house', 'lighthouses'],
  draw: ({ main, deep, accent, ink, line }) =>
    // The light, the tower in five bands, its shaded side, the gallery, the lamp room, the roof, the rock.
    `<path d="M212 122 24 66v92l188-18Z" fill="${accent}" fill-opacity=".45"/><path d="M300 122 488 66v92l-188-18Z" fill="${accent}" fill-opacity=".45"/>` +
    '<path d="M206 176h100l34 270H172Z" fill="#fbfbfd"/>' +
    `<path d="M199 232h114l7 54H192ZM185.500 340h141l6.500 54H179Z" fill="${main}"/>` +
    '<path d="M256 176h50l34 270h-84Z" fill="#23304a" fill-opacity=".1"/>' +
    `<path d="M238 446v-44a18 18 0 0 1 36 0v44Z" fill="${ink}"/><rect x="245" y="300" width="22" height="30" rx="11" fill="${ink}"/><rect x="246" y="194" width="20" height="26" rx="10" fill="${ink}"/>` +
    `<rect x="218" y="104" width="76" height="60" rx="4" fill="${accent}"/><circle cx="256" cy="134" r="17" fill="#fff8dc"/>` +
    `<path d="M218 104h8v60h-8ZM286 104h8v60h-8ZM252 104h8v60h-8Z" fill="${ink}"/>` +
    `<rect x="190" y="160" width="132" height="18" rx="6" fill="${ink}"/><path d="M206 104a50 46 0 0 1 100 0Z" fill="${main}"/><path d="M256 58a50 46 0 0 1 50 46h-50Z" fill="${deep}"/>` +
    `<rect x="252" y="34" width="8" height="28" rx="4" fill="${ink}"/><circle cx="256" cy="34" r="8" fill="${accent}"/>` +
    `<path d="M92 484c10-34 48-32 62-46 20-16 52-4 66-6 34-8 66-6 92 2 40-8 66 10 78 22 20 4 32 14 34 28Z" fill="#69758a"/>` +
    `<path d="M92 484c10-34 48-32 62-46 12-9 28-10 44-8-24 20-30 40-26 54Z" fill="#566176"/><path d="M330 452c24-4 44 6 54 32h-84c0-16 10-28 30-32Z" fill="#7d899d"/>` +
    `<rect x="64" y="478" width="388" height="16" rx="8" fill="${line}" fill-opacity="0"/>`,
};
