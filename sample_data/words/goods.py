"""Products, invented brands and the titles of streams."""

from typing import Final

from sample_data.words.listed import lines, listed

# By category, in the order of CATEGORIES.
NOUNS: Final = (
    listed(
        "Linen shirt,Pleated skirt,Knit cardigan,Wide-leg trousers,Cotton tee,Batik dress,卫衣"
        ",Denim jacket,Wrap blouse,Lounge set,Gamis polos,连衣裙"
    ),
    listed(
        "Canvas tote,Slip-on trainers,Crossbody bag,Ankle boots,Woven sandals,Tas selempang"
        ",Belt bag,Garden clogs,Card holder,Sepatu anak,帆布包"
    ),
    listed(
        "Lip tint,Clay mask,Hair oil,Sunscreen gel,Brow pencil,Serum wajah,护手霜,Nail set"
        ",Bath salts,Face mist,Bedak padat,面膜"
    ),
    listed(
        "USB desk lamp,Wireless earbuds,Phone stand,Charging cable,Mini projector,Power bank"
        ",Webcam cover,Clip fan,Lampu tidur,充电头,Travel adapter"
    ),
    listed(
        "Bamboo shelf,Storage jars,Cotton bedding,Non-stick pan,Shower caddy,Rak dapur,收纳盒"
        ",Linen curtain,Door mat,Spice rack,Sprei katun,Wall hooks"
    ),
    listed(
        "Roasted nuts,Instant noodles,Herbal tea,Sambal jar,Oat biscuits,Keripik pisang,花茶"
        ",Chilli crisp,Dried mango,Honey jar,Kopi bubuk,坚果"
    ),
    listed(
        "Wooden blocks,Plush rabbit,Puzzle 500 pcs,Slime kit,Toy kitchen,Mainan balok"
        ",Bath boats,Card game,Kite,积木,Finger puppets"
    ),
    listed(
        "Muslin wrap,Silicone bibs,Baby carrier,Sleeping bag,Feeding set,Baju bayi"
        ",Play mat,Teether ring,Bath hood,Popok kain,口水巾"
    ),
    listed(
        "Yoga mat,Resistance bands,Cycling gloves,Swim goggles,Jump rope,Botol minum"
        ",Ankle weights,Running belt,Grip tape,Raket anak,瑜伽垫"
    ),
    listed(
        "Sticker sheet,Gel pens,Washi tape,Pocket notebook,Screen film,Stiker lucu,贴纸"
        ",Brush pens,Desk calendar,Memo pads,Index tabs,Buku tulis"
    ),
)
ADJECTIVES: Final = listed(
    "everyday,two-pack,classic,mini,premium,travel,new season,gift,large,light,limited,basic"
    ",value,small,handmade,family,favourite,ready to ship"
)
_COLOURS: Final = listed(
    "sage,black,cream,rose,navy,amber,grey,mint,sand,clear,coral,plum,ochre,teal,lilac,white"
)
_AMOUNTS: Final = listed(
    "30 ml,50 ml,100 ml,250 ml,60 g,120 g,250 g,500 g,1 kg,pack of 3,pack of 6,box of 12"
    ",refill,sachet,jar,trial size"
)
# Colours, or amounts of what is used up (Beauty, Food), by category.
VARIANTS: Final = (
    *(_COLOURS, _COLOURS, _AMOUNTS, _COLOURS, _COLOURS),
    *(_AMOUNTS, _COLOURS, _COLOURS, _COLOURS, _COLOURS),
)
LIVE_TITLES: Final = (
    lines("""
        Friday night haul
        Try-on and chat
        Under 20 special
        Restock hour
        Ask me anything
        New drop first look
        Sunday reset finds
        Warehouse walk
        Real sizes try-on
        Gift ideas and giveaways
    """),
    lines("""
        Sunday bargains
        Cosy night in
        Last sizes live
        Proper deals tonight
        Try-on tea time
        Rainy day rummage
        Kitchen bits and bobs
        Midweek markdowns
        Unboxing with a brew
    """),
    lines("""
        Payday sale live
        今晚好物
        Late night picks
        Unboxing live
        9pm deals lah
        周末福利
        Kopi and hauls
        Home finds under 15
        新品试穿
    """),
    lines("""
        Live murah malam
        Promo gajian
        Cuci gudang
        Review jujur
        Belanja bareng
        Flash sale tengah malam
        Ngobrol sambil checkout
        Racun dapur
        Koleksi baru
    """),
)
BRANDS: Final = (  # twelve of each category, in the order of CATEGORIES
    # Apparel
    *listed("Velmorah,Tissanet,Quillarey,Norvande,Brakkelin,Sennowick,Ormelise,Daltrova"),
    *listed("Fenwisk,Lurabelle,Pashmeer,Ullavik"),
    # Shoes & bags
    *listed("Strovane,Pedrillion,Hobbernaut,Calzimo,Tramontis,Gavottin,Solequill,Marchetail"),
    *listed("Kordunk,Bagattiro,Wendolaar,Zapperly"),
    # Beauty
    *listed("Lumirette,Seraphyl,Dewminka,Glossamey,Petaliqua,Rosmarisse,Cerulyn,Blushera"),
    *listed("Mirabisou,Kulitara,Nacrelune,Halumia"),
    # Electronics
    *listed("Zynthorel,Voltaquin,Ampherra,Kilowen,Pixorbit,Soniquell,Teravoss,Ohmigoro"),
    *listed("Lumidrex,Chargonaut,Nexibolt,Dynakoro"),
    # Home
    *listed("Hearthollow,Dommeva,Kitcherel,Nestamore,Porslund,Wabbiwood,Linenook,Cubbadeen"),
    *listed("Pottermoss,Bambolune,Stovenna,Rumahindra"),
    # Food
    *listed("Munchavel,Sippoway,Nuttwick,Teabrindle,Sambarosa,Crumbelow,Oatendale,Kripiknya"),
    *listed("Broththorn,Mielvona,Peppandor,Jajanola"),
    # Toys
    *listed("Plushaboo,Bricketta,Wobblekin,Zooplark,Giggleton,Puzzelona,Kapowka,Dinoflip"),
    *listed("Slimora,Marblixo,Hoppalotti,Tumbelina"),
    # Baby
    *listed("Snugglore,Bibbeloo,Cradelune,Nappiwell,Lullavine,Tottermoss,Pippadew,Babireen"),
    *listed("Cuddelyn,Swaddlerie,Wombatty,Mimosaur"),
    # Sports
    *listed("Strydakko,Velocima,Gripthorn,Aeromarl,Kinettan,Pacewren,Zenflexa,Hydrokeel"),
    *listed("Summitra,Ruggerin,Liftonica,Swimbrel"),
    # Stationery
    *listed("Inkabelle,Papyrelle,Scribbonet,Notelune,Quillsterly,Washimo,Dotterly,Stikkitan"),
    *listed("Foliandra,Penwynne,Memoleafy,Tapelindo"),
)
