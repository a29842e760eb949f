/**
 * The platforms that ONNX Runtime has a build for Node.js for, and so the only ones that models are computed on.
 * Node's names, which are VS Code's too: operating system and processor.
 */
export const RUNTIME_BUILDS = [
  'linux-x64',
  'linux-arm64',
  'win32-x64',
  'win32-arm64',
  'darwin-arm64',
] as const;
export type RuntimeBuild = (typeof RUNTIME_BUILDS)[number];

/**
 * Why no model can be computed on a platform, and what to do; undefined where there is a build.
 * @param os as `process.platform`
 * @param arch as `process.arch`
 */
export function whyNoBuild(os: string, arch: string): string | undefined {
  if (RUNTIME_BUILDS.some((build) => build === `${os}-${arch}`)) return undefined;
  const rest = 'Images that need no model still work: signs, people, letters and grounds.';
  if (os === 'darwin') {
    return (
      'Models cannot be computed on Intel Macs: ONNX Runtime has no build for them. ' +
      `${rest} If this Mac has an Apple chip, install VS Code or Node.js for Apple chips.`
    );
  }
  return (
    `Models cannot be computed here: ONNX Runtime has no build for ${os}-${arch}. ${rest} ` +
    'It has builds for Linux and Windows (x64 and arm64), and for Macs with Apple chips.'
  );
}
