/** Other names of signs, as other icon libraries call them, and of our drawings. */
export const ALIASES: ReadonlyMap<string, string> = new Map(
  `download download-simple, upload upload-simple, cloud-upload cloud-arrow-up, cloud-download cloud-arrow-down,
  cloud-off cloud-slash, cloud-computing cloud, git git-branch, chat chat-circle-dots, server hard-drives,
  login sign-in, logout sign-out, menu list, filter funnel, sort sort-ascending, refresh arrows-clockwise,
  share share-network, external-link arrow-square-out, paste clipboard-text, dots-vertical dots-three-circle,
  dots dots-three-circle, dashboard layout, sliders sliders-horizontal, adjustments sliders-horizontal, toggle toggle-right,
  wifi wifi-high, wifi-off wifi-slash, terminal terminal-window, braces brackets-curly, api plugs-connected,
  list list-bullets, photo image, video video-camera, accessibility wheelchair, eye-off eye-slash,
  chart-pie chart-pie-slice, chart-line chart-line-up, trending-up trend-up, trending-down chart-line-down,
  sitemap tree-structure, test test-tube, container cube, percentage percent, tablet device-tablet,
  zoom-in magnifying-glass-plus, zoom-out magnifying-glass-minus, maximize arrows-out, minimize arrows-in,
  undo arrow-counter-clockwise, redo arrow-clockwise, arrow-back arrow-left, chevron-down caret-down,
  chevron-right caret-right, chevron-left caret-left, chevron-up caret-up, circle-plus plus-circle, ban prohibit,
  info-circle info, help-circle question, alert-triangle warning, circle-check check-circle, circle-x x-circle,
  quote quotes, typography text-aa, wand magic-wand, color-swatch swatches, layers stack, navigation navigation-arrow,
  send paper-plane-tilt, inbox tray, mail envelope-simple, mail-opened envelope-open, scale scales, home house,
  settings gear, search magnifying-glass, user-profile user-circle, edit pencil-simple, delete trash,
  save floppy-disk, webhook webhooks-logo, github github-logo, language translate, bolt lightning, box package,
  face-id scan-smiley, chart-area chart-line-up, chart-dots chart-scatter, timeline line-segments, euro currency-eur,
  pound currency-gbp, yen currency-jpy, id-badge identification-badge, cast screencast, bold text-b, italic text-italic,
  vector bezier-curve, components diamonds-four, route path, escalator escalator-up, wind-turbine fan, bandage bandaids,
  table-desk desk, steering steering-wheel, parking letter-circle-p, gas gas-pump, ar virtual-reality, 360 sphere,
  browser browser-window, shop shop-front, boat sail-boat, sailboat sail-boat, map map-trifold`
    .split(',')
    .map((pair) => pair.trim().split(' '))
    .map(([alias = '', name = '']) => [alias, name]),
);
