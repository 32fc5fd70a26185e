"""The word lists behind every invented name, title, review and claim.

No entry is a real brand or person; lists follow the languages of each market.
"""

from typing import Final


def _listed(words: str) -> list[str]:
    """Comma-separated words as a list: shorter to read and to add to."""
    return words.split(",")


GIVEN: Final = (
    _listed("Ava,Noah,Maya,Ethan,Zoe,Liam,Nora,Caleb,Ruth,Isaac,Hazel,Owen,June,Mateo,Lucia,Diego"),
    _listed("Poppy,Alfie,Isla,Harry,Freya,Rhys,Amara,Callum,Niamh,Tariq,Elsie,Ewan,Priya,Jude"),
    [
        "Wei Ling",
        "Jun Hao",
        "Xin Yi",
        "Kavitha",
        "Arjun",
        "Nurul",
        "Farid",
        "小雨",
        "子轩",
        "欣怡",
        "Hui Min",
        "Deepa",
        "Zhi Wei",
        "Aisyah",
        "கவிதா",
    ],
    _listed("Siti,Budi,Putri,Agus,Dewi,Rizky,Wulan,Fajar,Ayu,Bayu,Intan,Dimas,Ratna,Yoga"),
)
SURNAME: Final = (
    _listed("Alder,Brook,Castell,Dunmore,Ellery,Fenn,Garza,Holloway,Ibarra,Jessup,Kline,Lomax"),
    _listed("Ashdown,Birkett,Coyle,Denholm,Eccles,Farrow,Gough,Hallam,Iqbal,Jardine,Kemble"),
    ["Tan", "Lim", "Ong", "Koh", "Goh", "Chua", "Nair", "Pillai", "binte Osman", "陈", "林", "王"],
    _listed("Pratama,Lestari,Saputra,Wijaya,Hidayat,Kusuma,Santoso,Maharani,Nugroho,Permata"),
)
SHOP_FIRST: Final = (
    _listed(
        "Amber,Copper,Maple,Juniper,Willow,Northfield,Prairie,Sunny,Velvet,Lantern,Cedar,Harbor"
    ),
    _listed("Thistle,Bramble,Heather,Foxglove,Marlow,Kestrel,Rowan,Copperfield,Hawthorn,Linden"),
    [
        "Orchid",
        "Merah",
        "Jade",
        "Kampong",
        "Lotus",
        "Tiong",
        "Pandan",
        "晨光",
        "云朵",
        "小岛",
        "花间",
    ],
    _listed("Melati,Kencana,Pelangi,Bintang,Rumah,Cahaya,Kembang,Laut,Mutiara,Anggrek,Senja"),
)
SHOP_LAST: Final = (
    _listed("Goods,Supply Co,Outfitters,& Daughters,Studio,Market,Attic,Collective,Works,Trading"),
    _listed("& Sons,Emporium,Stores,Wares,Larder,Workshop,Parlour,Haberdashery,Bazaar,Makers"),
    _listed("Trading,Mart,House,Living,Atelier,小铺,优选,杂货,Boutique,Essentials"),
    _listed("Jaya,Store,Official Shop,Grosir,Fashion,Collection,Makmur,Berkah,Gallery,Kids"),
)
HANDLE_FIRST: Final = (
    _listed("daily,cozy,thrifty,glow,real,tiny,sunny,honest,late,urban"),
    _listed("proper,rainy,tidy,brill,cuppa,northern,lovely,mad,quiet,royal"),
    ["makan", "shiok", "lah", "kopi", "甜甜", "阿明", "island", "hawker", "mrt", "bubbly"],
    _listed("kakak,teh,mas,jajan,ceria,hemat,cantik,anak,ngopi,santai"),
)
HANDLE_LAST: Final = (
    _listed("finds,closet,kitchen,unboxed,haul,corner,picks,hour,diary,with.jo"),
    _listed("deals,wardrobe,shed,larder,bits,chat,bargains,test,diaries,teatime"),
    _listed("deals,picks,live,开箱,好物,corner,bites,closet,reviews,studio"),
    _listed("belanja,live,review,murah,hijab,dapur,promo,haul,store,vlog"),
)
NOUNS: Final = (
    "Linen shirt,Pleated skirt,Knit cardigan,Wide-leg trousers,Cotton tee,Batik dress,卫衣",
    "Canvas tote,Slip-on trainers,Crossbody bag,Ankle boots,Woven sandals,Tas selempang",
    "Lip tint,Clay mask,Hair oil,Sunscreen gel,Brow pencil,Serum wajah,护手霜",
    "USB desk lamp,Wireless earbuds,Phone stand,Charging cable,Mini projector,Power bank",
    "Bamboo shelf,Storage jars,Cotton bedding,Non-stick pan,Shower caddy,Rak dapur,收纳盒",
    "Roasted nuts,Instant noodles,Herbal tea,Sambal jar,Oat biscuits,Keripik pisang,花茶",
    "Wooden blocks,Plush rabbit,Puzzle 500 pcs,Slime kit,Toy kitchen,Mainan balok",
    "Muslin wrap,Silicone bibs,Baby carrier,Sleeping bag,Feeding set,Baju bayi",
    "Yoga mat,Resistance bands,Cycling gloves,Swim goggles,Jump rope,Botol minum",
    "Sticker sheet,Gel pens,Washi tape,Pocket notebook,Screen film,Stiker lucu,贴纸",
)
ADJECTIVES: Final = _listed(
    "soft,everyday,two-pack,classic,mini,premium,travel,new season,gift,large"
)
COLOURS: Final = _listed("sage,black,cream,rose,navy,amber,grey,mint,sand,clear,coral,plum")
LIVE_TITLES: Final = (
    _listed("Friday night haul,Try-on and chat,Under 20 special,Restock hour,Ask me anything"),
    _listed("Sunday bargains,Cosy night in,Last sizes live,Proper deals tonight,Try-on tea time"),
    _listed("Payday sale live,今晚好物,Late night picks,Unboxing live,9pm deals lah"),
    _listed("Live murah malam,Promo gajian,Cuci gudang,Review jujur,Belanja bareng"),
)

PRAISE: Final = (
    (
        "Fits well and the fabric is thicker than I expected,Exactly like the picture"
        ",My second order"
        ",Arrived early and well packed,Good value for the price,Colour is lovely in daylight"
        ",My sister wants one too,Does what it says"
    ),
    (
        "Really chuffed with this,Came quicker than I thought,Bit small but lovely quality"
        ",Would buy again,Nicely wrapped,Does the job"
    ),
    (
        "Fast delivery and good quality,质量很好,物流很快 谢谢"
        ",Very nice lah,Worth the price,颜色好看"
        ",Seller replied fast"
    ),
    (
        "Bagus banget sesuai foto,Pengiriman cepat,Kualitas oke,Harga murah barang bagus"
        ",Recommended seller,Bahannya adem"
    ),
)
GRUMBLE: Final = (
    (
        "Smaller than described,Stitching came loose after a wash,Took two weeks"
        ",Not the colour shown"
        ",Stopped working on day three"
    ),
    "Not impressed,Feels cheap,Arrived crushed,Wrong size sent,Took ages",
    "Not same as picture,质量一般,Came late,Item spoilt,有点小",
    "Tidak sesuai foto,Kekecilan,Pengiriman lama,Barang rusak,Kecewa",
)
REVIEW_TAILS: Final = ("", ".", "!", " :)", " thanks", " ok", "...", " 👍")
SCRIPTED_REVIEWS: Final = (
    "Very good quality, will buy again",
    "Perfect item fast shipping five stars",
    "好评 质量很好 下次再来",
    "Barang bagus seller ramah bintang lima",
    "Love it so much great seller",
    "Excellent product recommend to everyone",
)
CLAIMS: Final = (
    ("Parcel never came", "Tracking says delivered but nothing here", "Where is my order"),
    ("Looks nothing like the photo", "Different material", "Colour is completely different"),
    ("Broken on arrival", "Does not switch on", "Zip came off the first time"),
    ("Too small", "Too big around the waist", "Kekecilan satu ukuran", "尺码偏小"),
    ("Changed my mind", "Found another one", "No longer needed", "Tidak jadi"),
)
CLAIM_TAILS: Final = (
    "",
    ".",
    " please help",
    " refund please",
    "!!",
    " thank you",
    " tolong",
    " 谢谢",
)
COPIED_CLAIMS: Final = (
    "The box was empty when I opened it, I have a video if you need, please refund in full.",
    "Courier shows delivered but I was home all day and received nothing, refund requested.",
    "Item inside is a different cheap thing, not the ordered one, I want my money back today.",
    "Paket kosong saat dibuka, mohon dana dikembalikan penuh secepatnya.",
)
HOSTILE: Final = (
    "<script>alert(1)</script>",
    "![win](http://x.invalid/p.png) [Claim prize](http://x.invalid)",
    '=HYPERLINK("http://x.invalid","y")',
    "\u202egnp.tnuocsid\u202c outlet",
    "W" * 299 + "!",
    "",
)
