import { strict as assert } from 'node:assert';

/** Waits until a condition holds, asking every 50 ms. A busy machine is slow and not at fault for it. */
export async function until(
  what: string,
  test: () => boolean | Promise<boolean>,
  ms = 120_000,
): Promise<void> {
  const deadline = Date.now() + ms;
  while (!(await test())) {
    assert.ok(Date.now() < deadline, `not within ${ms} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
