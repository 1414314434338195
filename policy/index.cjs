// CrossGuard loads a pack with `require` under ts-node; the dynamic import leaves both for Node's own type stripping.
module.exports = () => import("./pack.ts");
