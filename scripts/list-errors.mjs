// Finds every sentence that a user can be told when something fails: `new UserError(message, { hint })` in src/,
// directly or through a function of the same file, and every reason for which a layer is refused.
// What is known only at run time stands as `…`.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync } from 'vite';

/** @returns {{ message: string, hint: string, file: string, isReason: boolean }[]} in the order of the files */
export function listErrors(root = 'src') {
  const found = readdirSync(root, { recursive: true })
    .map((name) => name.replaceAll('\\', '/'))
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && !name.includes('generated'))
    .sort()
    .flatMap((name) => errorsOf(join(root, name)).map((error) => ({ ...error, file: `${root}/${name}` })));
  // Without words of its own a sentence is made of others, which stand elsewhere.
  const telling = found.filter(({ message }) => /[a-z]{3}/i.test(message));
  return [...new Map(telling.map((error) => [error.message, error])).values()];
}

function errorsOf(file) {
  const { program } = parseSync(file, readFileSync(file, 'utf8'));
  const source = readSource(program);
  return source.thrown.flatMap(({ message, hint, maker, isReason }) =>
    environments(source, maker).map((given) => ({
      message: textOf(message, source, given),
      hint: hint ? textOf(hint, source, given) : '',
      isReason,
    })),
  );
}

/** What a file declares and throws. */
function readSource(program) {
  const source = { constants: new Map(), functions: new Map(), calls: [], thrown: [] };
  visit(program, [], (node, parents) => {
    const isConstant = node.type === 'VariableDeclarator' && parents.at(-1).kind === 'const';
    if (isConstant && node.id.type === 'Identifier' && node.init) {
      const isFunction = node.init.type.endsWith('FunctionExpression');
      (isFunction ? source.functions : source.constants).set(node.id.name, node.init);
    }
    if (node.type === 'FunctionDeclaration') source.functions.set(node.id.name, node);
    if (node.type === 'CallExpression' && node.callee.type === 'Identifier') source.calls.push(node);
    const thrown = thrownBy(node, parents);
    if (thrown) source.thrown.push({ ...thrown, maker: makerOf(parents) });
  });
  return source;
}

function thrownBy(node, parents) {
  const isError = node.type === 'NewExpression' && node.callee.name === 'UserError';
  const isSuper = node.type === 'CallExpression' && node.callee.type === 'Super';
  const isSubclass = isSuper && parents.some((parent) => parent.superClass?.name === 'UserError');
  const isReason = node.type === 'CallExpression' && node.callee.property?.name === 'refuse';
  if (!isError && !isSubclass && !isReason) return undefined;
  const [message, options] = node.arguments;
  const hint = options?.properties?.find((property) => property.key?.name === 'hint')?.value;
  return message && { message, hint, isReason };
}

/** The function that an error is made in, with the names of its parameters. */
function makerOf(parents) {
  const at = parents.findLastIndex((parent) => /Function/.test(parent.type));
  const maker = parents[at];
  const name = maker?.id?.name ?? parents[at - 1]?.id?.name;
  return name && { name, parameters: maker.params.map((parameter) => parameter.name) };
}

/** What the parameters are in each call of the function: one environment a call, an empty one without calls. */
function environments({ calls }, maker) {
  const given = calls
    .filter((call) => call.callee.name === maker?.name)
    .map((call) => new Map(maker.parameters.map((name, i) => [name, call.arguments[i]])));
  return given.length > 0 ? given : [new Map()];
}

function visit(node, parents, see) {
  if (Array.isArray(node)) for (const part of node) visit(part, parents, see);
  if (typeof node?.type !== 'string') return;
  see(node, parents);
  for (const part of Object.values(node)) if (typeof part === 'object') visit(part, [...parents, node], see);
}

/** The fixed words of an expression, alternatives parted by a slash. */
function textOf(node, source, given = new Map()) {
  const inner = (part) => textOf(part, source, given);
  switch (node?.type) {
    case 'Literal':
      return String(node.value);
    case 'TemplateLiteral':
      return node.quasis
        .map(({ value }, i) => value.cooked + (i < node.expressions.length ? inner(node.expressions[i]) : ''))
        .join('');
    case 'ConditionalExpression':
      return alternatives([inner(node.consequent), inner(node.alternate)]);
    case 'BinaryExpression':
      return isText(node.left) || isText(node.right) ? inner(node.left) + inner(node.right) : '…';
    case 'Identifier':
      return named(node.name, source, given);
    case 'CallExpression':
      return returned(source.functions.get(node.callee.name), source);
    default:
      return '…';
  }
}

function named(name, source, given) {
  // The argument stands in the caller, whose own parameters are not known here.
  if (given.get(name)) return textOf(given.get(name), source);
  const constant = source.constants.get(name);
  return constant && /Literal|Conditional/.test(constant.type) ? textOf(constant, source) : '…';
}

/** What a function of the file returns, where these are texts. */
function returned(declaration, source) {
  if (!declaration) return '…';
  const texts = new Set();
  visit(declaration.body, [], (node) => {
    if (node.type === 'ReturnStatement' && node.argument) texts.add(textOf(node.argument, source));
  });
  return alternatives([...texts]);
}

function isText(node) {
  return node.type === 'TemplateLiteral' || typeof node.value === 'string';
}

function alternatives(texts) {
  return texts.filter((text) => /[a-z]{3}/i.test(text)).join(' / ') || '…';
}
