import sharp from 'sharp';

// Every picture is seen once: a cache of decoded ones only grows. Several are decoded at a time, each on
// one thread, which serves many small pictures best.
sharp.cache(false);
sharp.concurrency(1);

/** sharp, set up for many pictures. Loaded only where it is needed: that takes longer than reading a small PNG. */
export default sharp;
