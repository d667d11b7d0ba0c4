// Run by `verifyBinding` in a process of its own: `node verify-child.js <binding>`.
import type { Tensor4D } from '@tensorflow/tfjs';
import { loadNative } from './native.js';

const { tf, version } = loadNative(process.argv[2]!);
const x = tf.range(0, 16).reshape([1, 4, 4, 1]);
const kernel = tf.ones([3, 3, 1, 1]);
// The kernel's gradient is a sum over the four windows that each of its places meets.
const gradient = tf.grad((k) => tf.conv2d(x as Tensor4D, k as Tensor4D, 1, 'valid'))(kernel);
const values = [...gradient.dataSync()].join();
if (values !== '10,14,18,26,30,34,42,46,50') throw new Error(`a convolution gives wrong values: ${values}`);
// On a line of its own, whatever the libraries print.
process.stdout.write(`\nverified ${version}\n`);
