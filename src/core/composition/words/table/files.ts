/** Words in the names of files that say which of several it is, and not what it shows. Also with a number after them. */
export const FILE_NOISE =
  'img|images|assets|public|static|media|src|files|uploads|undraw|final|v|ver|version|rev|draft|copy|tmp|temp|edit|edited|export|exported|opt|optimized|optimised|compressed|' +
  'min|lowres|hires|sm|md|lg|xl|xs|xxl|retina|w|h|p|dsc|dscn|pxl|updated|latest|px|dp';

/** Words at the end of such a name that say for which screen or theme it is. */
export const FILE_SIZES =
  'mobile|desktop|tablet|small|medium|large|full|web|test|old|new|light|dark';

/** Short words of such names, and what they mean. "Hero" is the top of a page. */
export const FILE_MEANS: Readonly<Record<string, string>> = {
  hero: 'hero image',
  ic: 'icon',
  ico: 'icon',
  bg: 'background',
};

/** Names of folders, and what an image in them shows. */
export const FILE_FOLDERS: Readonly<Record<string, string>> = {
  team: 'team_member',
  people: 'avatar',
  users: 'avatar',
  avatars: 'avatar',
  icons: 'icon',
  backgrounds: 'background',
  patterns: 'pattern',
};
