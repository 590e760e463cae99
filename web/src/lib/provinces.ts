/**
 * The provinces of GB/T 2260 on a grid of tiles, each about where it lies. Tiles, not shapes: every
 * province can be read, and none weighs more because it is larger.
 */
export interface Tile {
  code: string;
  name: string;
  english: string;
  column: number;
  row: number;
}

const tile = (code: string, name: string, english: string, column: number, row: number): Tile => ({
  code,
  name,
  english,
  column,
  row,
});

export const PROVINCES: readonly Tile[] = [
  tile("11", "北京", "Beijing", 6, 2),
  tile("12", "天津", "Tianjin", 7, 2),
  tile("13", "河北", "Hebei", 6, 3),
  tile("14", "山西", "Shanxi", 5, 3),
  tile("15", "内蒙古", "Inner Mongolia", 6, 1),
  tile("21", "辽宁", "Liaoning", 8, 2),
  tile("22", "吉林", "Jilin", 8, 1),
  tile("23", "黑龙江", "Heilongjiang", 8, 0),
  tile("31", "上海", "Shanghai", 8, 4),
  tile("32", "江苏", "Jiangsu", 7, 4),
  tile("33", "浙江", "Zhejiang", 7, 5),
  tile("34", "安徽", "Anhui", 6, 4),
  tile("35", "福建", "Fujian", 7, 6),
  tile("36", "江西", "Jiangxi", 6, 5),
  tile("37", "山东", "Shandong", 7, 3),
  tile("41", "河南", "Henan", 5, 4),
  tile("42", "湖北", "Hubei", 5, 5),
  tile("43", "湖南", "Hunan", 5, 6),
  tile("44", "广东", "Guangdong", 6, 6),
  tile("45", "广西", "Guangxi", 4, 6),
  tile("46", "海南", "Hainan", 5, 7),
  tile("50", "重庆", "Chongqing", 4, 4),
  tile("51", "四川", "Sichuan", 3, 4),
  tile("52", "贵州", "Guizhou", 4, 5),
  tile("53", "云南", "Yunnan", 3, 5),
  tile("54", "西藏", "Tibet", 1, 4),
  tile("61", "陕西", "Shaanxi", 4, 3),
  tile("62", "甘肃", "Gansu", 3, 2),
  tile("63", "青海", "Qinghai", 2, 3),
  tile("64", "宁夏", "Ningxia", 4, 2),
  tile("65", "新疆", "Xinjiang", 1, 2),
  tile("71", "台湾", "Taiwan", 8, 6),
  tile("81", "香港", "Hong Kong", 7, 7),
  tile("82", "澳门", "Macau", 6, 7),
];
export const GRID_COLUMNS = 9;
export const GRID_ROWS = 8;

const SUFFIX = /(特别行政区|维吾尔自治区|壮族自治区|回族自治区|自治区|省|市)$/;
const KNOWN = new Map(
  PROVINCES.flatMap((province) => [
    [province.name, province],
    [province.english.toLowerCase(), province],
  ]),
);

/** The province that a label names, however it is written: 广东, 广东省, Guangdong. */
export function provinceOf(label: string): Tile | undefined {
  const bare = label.trim().replace(SUFFIX, "");
  return KNOWN.get(bare) ?? KNOWN.get(bare.toLowerCase());
}

/** Whether most of these labels are provinces, so that a map of them makes sense. */
export function areProvinces(labels: readonly string[]): boolean {
  const known = labels.filter((label) => provinceOf(label) !== undefined).length;
  return labels.length > 0 && known / labels.length >= 0.6;
}
