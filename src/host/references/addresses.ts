import { PLACEHOLDER_HOSTS, placeholderImage, type PlaceholderImage } from './placeholder-services';

/** What an address says by itself. */
export interface ReadAddress {
  readonly url: string;
  readonly path: string;
  readonly computed?: true;
  readonly alias?: true;
  readonly service?: PlaceholderImage;
}

/**
 * What template languages write into addresses: `{x}`, `{{ x }}`, `{% x %}`, `${x}`, `#{x}`, `@{x}`,
 * `<%= x %>`, `<?= x ?>`, `%PUBLIC_URL%`, `%sveltekit.assets%`, `@Model.Image`; and patterns of build tools: `*`,
 * `[name]`.
 */
const COMPUTED =
  /[{<*]|\[(?:name|ext|path|file|base|hash|contenthash|chunkhash)\b|%[A-Z][A-Z0-9_]{3,}%|%[a-z]+\.[a-z.]+%|^@(?:[\w.]*\(|[^/]*$)/;
/** An address with a scheme (`https:`, `data:`) or another host (`//`). */
const ELSEWHERE = /^(?:[a-z][a-z0-9+.-]*:|\/\/)/i;
const ALIAS = /^(?:[@~$]|#\w)[^?]*\//;

/** Endings of images. Fonts, videos, sheets and code are named by the same functions and attributes. */
const ENDINGS = String.raw`\.(?:png|jpe?g|jfif|webp|avif|svg|gif|ico|bmp|tiff?|heic|heif|apng|jxl)`;
const IMAGE_ENDING = new RegExp(`${ENDINGS}$`, 'i');
/** What is in every text that names an image: an ending, or an attribute without an address. */
const NAMES_IMAGE = new RegExp(String.raw`${ENDINGS}\b|\bsrc=(?:""|'')`, 'i');

/**
 * @param isModule whether the address is a module's name: without `./` it is a package or an alias, and
 * percent signs are part of the name
 * @returns undefined for an address that names no file of the project
 */
export function readAddress(url: string, isModule: boolean): ReadAddress | undefined {
  if (COMPUTED.test(url)) return { url, path: '', computed: true };
  if (ELSEWHERE.test(url)) {
    const service = placeholderImage(url);
    return service && { url, path: '', service };
  }
  const alias = ALIAS.test(url) || (isModule && !/^\.{0,2}\//.test(url));
  // An alias may begin with `#`.
  const bare = /^#?[^?#]*/.exec(alias ? url : url.replace(/#.*$/s, ''))?.[0] ?? '';
  const path = isModule ? bare : decodePercent(bare);
  // No file's name has it, and file systems end names there.
  if (path.includes('\0') || (path === '' && url !== '')) return undefined;
  return { url, path, ...(alias && { alias }) };
}

/** Whether an address ends like an image's, before a query. `#{` is an expression of Sass. */
export function isImageAddress(url: string): boolean {
  return IMAGE_ENDING.test(url.replace(/(?:\?|#(?!\{)).*$/s, '').trimEnd());
}

/** Whether a text can name an image at all, which most code does not. */
export function mayNameImage(text: string): boolean {
  return NAMES_IMAGE.test(text) || PLACEHOLDER_HOSTS.some((host) => text.includes(host));
}

/** Decodes the percent signs that are escapes, and leaves others alone: `100%25%.png` is `100%%.png`. */
export function decodePercent(text: string): string {
  return text.replace(/(?:%[0-9a-f]{2})+/gi, (escaped) => {
    try {
      return decodeURIComponent(escaped);
    } catch {
      return escaped;
    }
  });
}
