/** Owns the start of the page: the colours before the first paint, then the app. */
import './ui/tokens.css'
import './ui/base.css'
import { createPinia } from 'pinia'
import { createApp } from 'vue'
import App from './App.vue'
import { createAppRouter } from './router.ts'
import { applyTheme } from './ui/theme.ts'

applyTheme()
createApp(App).use(createPinia()).use(createAppRouter()).mount('#app')
