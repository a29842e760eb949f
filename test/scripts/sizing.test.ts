import { strict as assert } from 'node:assert';
import { MAX_LATE, MAX_LOAD, probabilityOfWaiting, sizeFor } from '../../scripts/bench/sizing';

describe('how many engines serve so many people', () => {
  it("has Erlang's probability of waiting", () => {
    // One server: its load. Two with one erlang: 1/3. Ten with eight: published tables have 0.409.
    assert.equal(probabilityOfWaiting(1, 0.5), 0.5);
    assert.ok(Math.abs(probabilityOfWaiting(2, 1) - 1 / 3) < 1e-12);
    assert.ok(Math.abs(probabilityOfWaiting(10, 8) - 0.409) < 0.0005);
  });

  it('is one engine for few people, and never less than the work itself', () => {
    const { engines, load } = sizeFor({ people: 10, imagesPerHour: 6, secondsPerImage: 1 });
    assert.equal(engines, 1);
    assert.ok(Math.abs(load - 60 / 3600) < 1e-12);
  });

  it('is the fewest that keep the waits short', () => {
    for (const people of [10, 100, 1000, 100_000]) {
      const demand = { people, imagesPerHour: 6, secondsPerImage: 62 };
      const { engines, load, late } = sizeFor(demand);
      assert.ok(load <= MAX_LOAD && late <= MAX_LATE);
      const erlangs = load * engines;
      const fewer = engines - 1;
      const isTooLoaded = erlangs / fewer > MAX_LOAD;
      const lateWithFewer = probabilityOfWaiting(fewer, erlangs) * Math.exp(erlangs - fewer);
      assert.ok(isTooLoaded || lateWithFewer > MAX_LATE, `${people} people`);
    }
  });
});
