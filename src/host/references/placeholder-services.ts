/** What the address of a placeholder service asks for. */
export interface PlaceholderImage {
  /** The service's host, such as `placehold.co`. */
  readonly service: string;
  /** Pixels. */
  readonly width?: number;
  readonly height?: number;
  /** The words on the image, or what it shows. */
  readonly text?: string;
  /** Colours as the address writes them: hexadecimal without `#`, or a name. */
  readonly background?: string;
  readonly foreground?: string;
}

/** Reads the parts of a path and the query, without `?`. */
type Reader = (path: readonly string[], query: string) => Omit<PlaceholderImage, 'service'>;

/** `600x400/000/fff?text=Hello`: a size, two colours and a text, in that order. */
const sizeFirst: Reader = ([first = '', ...rest], query) => {
  const colours = rest.map(withoutEnding).filter((part) => COLOUR.test(part) && !FORMAT.test(part));
  return { ...sizeOf(first), ...textOf(textParameter(query)), ...coloursOf(colours) };
};

/** `3d4070/ffffff/150x100.png?text=Hello`: two colours, a size and a text. */
const coloursFirst: Reader = (path, query) => {
  const size = path.at(-1) ?? '';
  return { ...sizeOf(size), ...textOf(textParameter(query)), ...coloursOf(path.slice(0, -1)) };
};

/** `200/300`, with an id or a seed before it, which do not say what is shown. */
const sides: Reader = (path) => {
  const own = /^(?:id|seed|collection)$/.test(path[0] ?? '') ? path.slice(2) : path;
  const at = own.findIndex((part) => SIDE.test(part) || BOTH.test(part));
  const [first = '', second = ''] = own.slice(Math.max(at, 0)).map(withoutEnding);
  if (!SIDE.test(first) || !SIDE.test(second)) return sizeOf(first);
  return { width: Number(first), height: Number(second) };
};

const sidesOf =
  (text: string): Reader =>
  (path, query) => ({ ...sides(path, query), text });

/** `320/240/dog`: the last part that is a word is what is shown. */
const sidesThenSubject: Reader = (path, query) => ({
  ...sides(path, query),
  ...textOf(path.filter((part) => /[a-z]/i.test(part) && !NO_SUBJECT.test(part)).at(-1)),
});

/** `random/800x600/?water,trees`: the words of the query are what is shown. */
const searched: Reader = (path, query) => ({
  ...sizeOf(path.find((part) => BOTH.test(part)) ?? ''),
  ...textOf(query.split('&').find((word) => word !== '' && !word.includes('='))),
});

/** The services, by host; subdomains such as `www.` count too. */
const SERVICES: Readonly<Record<string, Reader>> = {
  'placehold.co': sizeFirst,
  'placeholder.com': sizeFirst,
  'placehold.it': sizeFirst,
  'dummyimage.com': sizeFirst,
  'fakeimg.pl': sizeFirst,
  'placehold.jp': coloursFirst,
  'picsum.photos': sides,
  'loremflickr.com': sidesThenSubject,
  'placeimg.com': sidesThenSubject,
  'lorempixel.com': sidesThenSubject,
  'placekitten.com': sidesOf('a kitten'),
  'placebear.com': sidesOf('a bear'),
  'placedog.net': sidesOf('a dog'),
  'place.dog': sidesOf('a dog'),
  'placebeard.it': sidesOf('a bearded man'),
  'i.pravatar.cc': sidesOf('a portrait'),
  'source.unsplash.com': searched,
};

export const PLACEHOLDER_HOSTS: readonly string[] = Object.keys(SERVICES);

const SIDE = /^\d{1,5}$/;
const BOTH = /^(\d{1,5})[x×](\d{1,5})(?=$|[^\dx])/i;
const COLOUR = /^(?:[0-9a-f]{3,8}|[a-z]{3,20})(?:,\d{1,3})?$/i;
const FORMAT = /^(?:png|jpe?g|gif|webp|avif|svg)$/i;
/** Parts of addresses that are no subject. */
const NO_SUBJECT = /^(?:any|all|g|p|random|featured|grayscale|sepia)$/i;

/**
 * What an address of a placeholder service asks for, read from the address alone.
 * @returns undefined for any other address
 */
export function placeholderImage(address: string): PlaceholderImage | undefined {
  const whole = address.startsWith('//') ? `https:${address}` : address;
  if (!/^https?:/i.test(whole) || !URL.canParse(whole)) return undefined;
  const url = new URL(whole);
  const service = PLACEHOLDER_HOSTS.find(
    (host) => url.hostname === host || url.hostname.endsWith(`.${host}`),
  );
  if (service === undefined) return undefined;
  // dummyimage.com and placehold.it also take a text without a question mark: `600x400.png&text=Hello`.
  const [path = '', more = ''] = url.pathname.split(/&(.*)/s);
  const query = [more, url.search.slice(1)].filter(Boolean).join('&');
  return { service, ...SERVICES[service]?.(path.split('/').filter(Boolean), query) };
}

function textParameter(query: string): string | undefined {
  return /(?:^|&)text=([^&]*)/i.exec(query)?.[1];
}

function withoutEnding(part: string): string {
  return part.replace(/\.[a-z]{3,4}$/i, '');
}

/** The size in a part such as `600x400`, `600`, `300.png` or `600x400@2x.png`. */
function sizeOf(part: string): { width?: number; height?: number } {
  const both = BOTH.exec(part);
  const [width, height] = both
    ? [Number(both[1]), Number(both[2])]
    : [Number(/^\d{1,5}(?=$|\.[a-z]|@)/i.exec(part)?.[0] ?? 0), 0];
  const [wide, high] = [width, height === 0 ? width : height];
  return wide > 0 && high > 0 ? { width: wide, height: high } : {};
}

function textOf(written: string | undefined): { text?: string } {
  if (written === undefined || NO_SUBJECT.test(written)) return {};
  const words = decode(written.replaceAll('+', ' '))
    .replace(/(?:\\n|[,|_\s])+/g, ' ')
    .trim();
  return words === '' ? {} : { text: words };
}

function coloursOf([background, foreground]: readonly string[]): Partial<PlaceholderImage> {
  return { ...(background && { background }), ...(foreground && { foreground }) };
}

function decode(written: string): string {
  try {
    return decodeURIComponent(written);
  } catch {
    return written;
  }
}
