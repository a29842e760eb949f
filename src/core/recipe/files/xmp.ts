/** The keyword of XMP in a PNG file (XMP specification, part 3, 1.1.5). */
export const XMP_KEYWORD = 'XML:com.adobe.xmp';

const NAMESPACE = 'https://github.com/easel-vscode/easel/ns/1.0/';
const OPEN = '<easel:recipe>';
const CLOSE = '</easel:recipe>';

/** Writes an XMP packet with one text (https://developer.adobe.com/xmp/docs/XMPSpecifications/). */
export function writeXmp(text: string): string {
  return (
    '<?xpacket begin="\uFEFF" id="W5M0MpCehiHzreSzNTczkc9d"?>' +
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">' +
    `<rdf:Description rdf:about="" xmlns:easel="${NAMESPACE}">${OPEN}${escapeXml(text)}${CLOSE}` +
    '</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>'
  );
}

/** The text of a packet that Easel wrote. */
export function readXmp(packet: string): string | undefined {
  return readElement(packet, OPEN, CLOSE);
}

/** The parameters in a packet that stable-diffusion.cpp wrote. */
export function readSdCppXmp(packet: string): string | undefined {
  return readElement(packet, '<sdcpp:parameters>', '</sdcpp:parameters>');
}

/** The user comment in a packet, in any language (EXIF for XMP). */
export function readUserComment(packet: string): string | undefined {
  const comment = readElement(packet, '<exif:UserComment>', '</exif:UserComment>', false);
  if (comment === undefined) return undefined;
  const start = comment.indexOf('<rdf:li');
  const open = comment.indexOf('>', start);
  const end = comment.indexOf('</rdf:li>', open);
  return start < 0 || open < 0 || end < 0 ? undefined : unescapeXml(comment.slice(open + 1, end));
}

function readElement(
  packet: string,
  open: string,
  close: string,
  unescaped = true,
): string | undefined {
  const start = packet.indexOf(open);
  const end = packet.indexOf(close, start);
  if (start < 0 || end < 0) return undefined;
  const text = packet.slice(start + open.length, end);
  return unescaped ? unescapeXml(text) : text;
}

/** A text between the tags of XML. Characters that are not allowed in XML 1.0 become a question mark. */
export function escapeXml(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '?')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('\r', '&#13;');
}

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
};

function unescapeXml(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-fA-F]{1,6})|(\w+));/g, (whole, ...groups) => {
    const [decimal, hexadecimal, name] = groups as (string | undefined)[];
    if (name !== undefined) return ENTITIES[name] ?? whole;
    const code = decimal === undefined ? parseInt(hexadecimal ?? '', 16) : Number(decimal);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
