"""Places and industries of SYNTHETIC plans: real names, made-up ones, and harmful ones."""

PROVINCES = {
    "110000": ("北京", "Beijing", "East", 116.41, 39.90),
    "120000": ("天津", "Tianjin", "East", 117.20, 39.08),
    "130000": ("河北", "Hebei", "East", 114.51, 38.04),
    "140000": ("山西", "Shanxi", "Central", 112.55, 37.87),
    "150000": ("内蒙古", "Inner Mongolia", "West", 111.75, 40.84),
    "210000": ("辽宁", "Liaoning", "Northeast", 123.43, 41.80),
    "220000": ("吉林", "Jilin", "Northeast", 125.32, 43.90),
    "230000": ("黑龙江", "Heilongjiang", "Northeast", 126.53, 45.80),
    "310000": ("上海", "Shanghai", "East", 121.47, 31.23),
    "320000": ("江苏", "Jiangsu", "East", 118.80, 32.06),
    "330000": ("浙江", "Zhejiang", "East", 120.15, 30.27),
    "340000": ("安徽", "Anhui", "Central", 117.23, 31.82),
    "350000": ("福建", "Fujian", "East", 119.30, 26.07),
    "360000": ("江西", "Jiangxi", "Central", 115.86, 28.68),
    "370000": ("山东", "Shandong", "East", 117.12, 36.65),
    "410000": ("河南", "Henan", "Central", 113.62, 34.75),
    "420000": ("湖北", "Hubei", "Central", 114.31, 30.59),
    "430000": ("湖南", "Hunan", "Central", 112.94, 28.23),
    "440000": ("广东", "Guangdong", "East", 113.26, 23.13),
    "450000": ("广西", "Guangxi", "West", 108.37, 22.82),
    "460000": ("海南", "Hainan", "East", 110.20, 20.04),
    "500000": ("重庆", "Chongqing", "West", 106.55, 29.56),
    "510000": ("四川", "Sichuan", "West", 104.07, 30.57),
    "520000": ("贵州", "Guizhou", "West", 106.63, 26.65),
    "530000": ("云南", "Yunnan", "West", 102.83, 24.88),
    "540000": ("西藏", "Tibet", "West", 91.14, 29.65),
    "610000": ("陕西", "Shaanxi", "West", 108.94, 34.34),
    "620000": ("甘肃", "Gansu", "West", 103.83, 36.06),
    "630000": ("青海", "Qinghai", "West", 101.78, 36.62),
    "640000": ("宁夏", "Ningxia", "West", 106.23, 38.49),
    "650000": ("新疆", "Xinjiang", "West", 87.62, 43.83),
}
INDUSTRIES = {
    "06": ("食品和烟草", "Food and tobacco"),
    "07": ("纺织品", "Textiles"),
    "08": ("纺织服装鞋帽皮革羽绒及其制品", "Leather, apparel, footwear and related products"),
    "12": ("化学产品", "Chemicals"),
    "14": ("金属冶炼和压延加工品", "Smelting and rolling of metals"),
    "19": ("电气机械和器材", "Electrical machinery and equipment"),
    "20": (
        "通信设备、计算机和其他电子设备",
        "Communication equipment, computers and other electronics",
    ),
    "21": ("仪器仪表", "Instruments and meters"),
}
ELSEWHERE = {
    "N": ("北乡", "Northshire", "Upland", 3.0, 52.0),
    "M": ("中乡", "Midshire", "Upland", 4.5, 50.5),
    "S": ("南乡", "Southshire", "Lowland", 5.0, 48.0),
    "C": ("海岸", "Coast", "Lowland", 1.0, 49.0),
}
SITE = "S-"  # a site lies in a region and is not the region
HARMFUL = "<script>document.title='taken'</script>"
