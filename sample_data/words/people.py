"""Given names and surnames by community, and the parts of shop names and handles."""

from dataclasses import dataclass
from typing import Final

from sample_data.words.listed import listed


@dataclass(frozen=True)
class Community:
    """People who are named alike: the order of names is part of it."""

    share: float  # of the market's households
    given_names: tuple[str, ...]
    surnames: tuple[str, ...]
    is_surname_first: bool = False
    joint: str = " "


_SINGAPORE_GIVEN: Final = (
    *listed("Wei Ling,Jun Hao,Xin Yi,Hui Min,Zhi Wei,Kai Ting,Jia En,Yong Sheng,Mei Fang,Zhen Yu"),
    *listed(
        "Shu Qi,Boon Kiat,Siew Lan,Li Ting,Wen Jie,Pei Shan,Rui En,Jing Xuan,Hock Seng,Yi Xuan"
    ),
)
COMMUNITIES: Final = (  # by market, in the order of MARKETS
    (
        Community(
            0.78,
            (
                *listed("Ava,Noah,Maya,Ethan,Zoe,Liam,Nora,Caleb,Ruth,Isaac,Hazel,Owen,June"),
                *listed("Wyatt,Clara,Silas,Ivy,Jonah,Stella,Miles,Tessa,Graham,Paige,Colton"),
                *listed("Bridget,Darnell,Keisha,Tyrone,Imani,Marcus,Renee,Dwight,Lorna,Chet"),
            ),
            (
                *listed("Alder,Brook,Castell,Dunmore,Ellery,Fenn,Holloway,Jessup,Kline,Lomax"),
                *listed("Mayfern,Norcross,Oakley,Prewitt,Quimby,Rusk,Stroud,Tolliver,Upshaw,Vance"),
                *listed("Whitlow,Yancey,Zimmer,Bledsoe,Crandall,Dinsmore,Eubanks,Falk,Grier"),
            ),
        ),
        Community(
            0.16,
            listed("Mateo,Lucía,Diego,Camila,Rosa,Andrés,Elena,Javier,Marisol,Tomás,Inés,Rafael"),
            listed("Garza,Ibarra,Quiroga,Montoya,Salcedo,Villanueva,Ocampo,Treviño,Arce,Zamora"),
        ),
        Community(
            0.06,
            listed("Mei,Linh,Anh,Min-jun,Priya,Rohan,Hana,Kenji,Arun,Thuy,Soo-ah,Ravi"),
            listed("Nguyen,Pham,Cho,Desai,Okada,Liang,Bhatt,Hwang,Sato,Rao"),
        ),
    ),
    (
        Community(
            0.80,
            (
                *listed("Poppy,Alfie,Isla,Harry,Freya,Rhys,Callum,Niamh,Elsie,Ewan,Jude,Bronwen"),
                *listed("Archie,Maisie,Euan,Gwen,Rory,Imogen,Fergus,Tilly,Angus,Florence,Dylan"),
                *listed("Beth,Stan,Orla,Kit,Nell,Hamish,Edie,Ralph,Cerys,Gareth,Una"),
            ),
            (
                *listed("Ashdown,Birkett,Coyle,Denholm,Eccles,Farrow,Gough,Hallam,Jardine,Kemble"),
                *listed(
                    "Lathom,Mabbott,Nuttall,Oldroyd,Penhale,Quayle,Rudd,Sedgwick,Tranter,Usher"
                ),
                *listed("Venn,Wragg,Yeo,Applegarth,Braithwell,Cresswell,Duxbury,Entwistle"),
            ),
        ),
        Community(
            0.14,
            listed("Priya,Tariq,Amara,Zain,Simran,Imran,Nadia,Harpreet,Yusuf,Anjali,Sana,Kamal"),
            listed("Iqbal,Sandhu,Chowdhury,Rehman,Bains,Mistry,Qureshi,Dhillon,Aziz,Uddin"),
        ),
        Community(
            0.06,
            listed("Kasia,Tomasz,Oana,Mircea,Agnieszka,Paweł,Ioana,Łukasz,Ewa,Bogdan"),
            listed("Nowicka,Zielak,Wrona,Ionescu,Barbu,Sikora,Dudek,Munteanu"),
        ),
    ),
    (
        Community(
            0.52,
            _SINGAPORE_GIVEN,
            listed("Tan,Lim,Ong,Koh,Goh,Chua,Ng,Teo,Seah,Yeo,Toh,Sim,Foo,Quek,Chia,Low"),
            is_surname_first=True,
        ),
        Community(
            0.20,
            listed(
                "小雨,子轩,欣怡,梓涵,浩然,雨桐,思远,佳琪,伟明,丽华,晓东,美玲,志强,雪梅,一诺,建国"
            ),
            listed("陈,林,王,黄,李,张,吴,郑,许,蔡,刘,何"),
            is_surname_first=True,
            joint="",
        ),
        Community(
            0.16,
            listed("Nurul,Farid,Aisyah,Hafiz,Siti Aminah,Rashid,Zulaikha,Iskandar,Hidayah,Azman"),
            listed("Osman,Rahim,Salleh,Jamal,Yusof,Karim,Hamzah,Zainal,Latiff,Mokhtar"),
        ),
        Community(
            0.09,
            listed("Kavitha,Arjun,Deepa,Suresh,Meena,Ganesh,Lakshmi,Vikram,Shanti,Prakash"),
            listed("Nair,Pillai,Krishnan,Menon,Subramaniam,Rajan,Naidu,Govindan"),
        ),
        Community(
            0.03,
            listed("கவிதா,அருண்,தீபா,முருகன்,செல்வி,குமார்"),
            listed("ராஜன்,பிள்ளை,நாயர்,கோவிந்தன்"),
        ),
    ),
    (
        Community(
            0.86,
            (
                *listed("Siti,Budi,Putri,Agus,Dewi,Rizky,Wulan,Fajar,Ayu,Bayu,Intan,Dimas,Ratna"),
                *listed("Yoga,Nadia,Eko,Sri,Hendra,Maya,Galih,Lestari,Arif,Tika,Joko,Fitri,Rudi"),
                *listed("Anisa,Wahyu,Nita,Iwan,Melati,Teguh,Yanti,Gilang,Rini,Adi"),
            ),
            (
                *listed("Pratama,Lestari,Saputra,Wijaya,Hidayat,Kusuma,Santoso,Maharani,Nugroho"),
                *listed("Permata,Setiawan,Utami,Wibowo,Rahayu,Firmansyah,Suryani,Gunawan,Harjono"),
                *listed("Anggraini,Prasetyo,Susanti,Purnomo,Handayani,Kurniawan"),
            ),
        ),
        Community(
            0.09,
            listed("Togar,Uli,Ketut,Wayan,Made,Nyoman,Tiur,Binsar,Komang,Luh"),
            listed("Simanjorang,Sudiarta,Nainggolan,Suardana,Hutabarat,Artawan"),
        ),
        Community(
            0.05,
            listed("Felicia,Kevin,Jessica,Hendrik,Livia,Steven,Yuliana,Andreas"),
            listed("Halim,Tandiono,Gunadi,Santika,Lukito,Wangsa"),
        ),
    ),
)

SHOP_FIRST: Final = (
    (
        *listed("Amber,Copper,Maple,Juniper,Willow,Northfield,Prairie,Sunny,Velvet,Lantern,Cedar"),
        *listed("Harbor,Birchwood,Canyon,Fireside,Tumbleweed,Saltgrass,Meadowlark,Riverbend,Mesa"),
    ),
    (
        *listed(
            "Thistle,Bramble,Heather,Foxglove,Marlow,Kestrel,Rowan,Copperfield,Hawthorn,Linden"
        ),
        *listed("Puddle,Wren,Saltmarsh,Teasel,Moorland,Chalkhill,Otter,Damson,Lapwing,Harrow"),
    ),
    (
        *listed("Orchid,Merah,Jade,Kampong,Lotus,Tiong,Pandan,Frangipani,Mango,Lantern"),
        *listed("晨光,云朵,小岛,花间,南洋,木子"),
    ),
    (
        *listed("Melati,Kencana,Pelangi,Bintang,Rumah,Cahaya,Kembang,Laut,Mutiara,Anggrek,Senja"),
        *listed("Kenari,Embun,Mawar,Lembayung,Angkasa,Gading,Cempaka,Surya"),
    ),
)
SHOP_LAST: Final = (
    listed("Goods,Supply Co,Outfitters,& Daughters,Studio,Market,Attic,Collective,Works,Trading"),
    listed("& Sons,Emporium,Stores,Wares,Larder,Workshop,Parlour,Haberdashery,Bazaar,Makers"),
    listed("Trading,Mart,House,Living,Atelier,小铺,优选,杂货,Boutique,Essentials"),
    listed("Jaya,Store,Official Shop,Grosir,Fashion,Collection,Makmur,Berkah,Gallery,Kids"),
)
HANDLE_FIRST: Final = (
    listed("daily,cozy,thrifty,glow,real,tiny,sunny,honest,late,urban,happy,smart,salty,quick"),
    listed("proper,rainy,tidy,brill,cuppa,northern,lovely,mad,quiet,royal,posh,windy,muddy"),
    listed("makan,shiok,lah,kopi,甜甜,阿明,island,hawker,mrt,bubbly,小鱼,orchard,kaya"),
    listed("kakak,teh,mas,jajan,ceria,hemat,cantik,anak,ngopi,santai,neng,bunda,mbak"),
)
HANDLE_LAST: Final = (
    listed("finds,closet,kitchen,unboxed,haul,corner,picks,hour,diary,with.jo,style,tested"),
    listed("deals,wardrobe,shed,larder,bits,chat,bargains,test,diaries,teatime,finds,nook"),
    listed("deals,picks,live,开箱,好物,corner,bites,closet,reviews,studio,日记,daily"),
    listed("belanja,live,review,murah,hijab,dapur,promo,haul,store,vlog,racun,outfit"),
)
