// What esbuild makes of imports that are not TypeScript (the loaders are in build.mjs).

declare module "*.css";

declare module "*.graphql" {
  const text: string;
  export default text;
}
